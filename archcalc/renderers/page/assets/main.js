// The page: what is shown where, and what keys and clicks do.

const BOXES = 40;

const state = {
  view: "boxes", shades: new Map([["boxes", "macs"], ["volumes", "type"]]), filter: "", sort: null, panel: "arithmetic", open: new Set(), selected: null, isChosen: false,
};
let model, graph, table;

const actions = {
  select(chosen, isQuiet) {
    if (!chosen) return;
    const item = chosen.kind === "layer" ? model.item(chosen.start) : chosen;
    state.selected = item;
    state.isChosen = true;
    reveal(item);
    showGraph(true);
    showTable();
    showPanel();
    if (!isQuiet) {
      try {
        history.replaceState(null, "", `#${encodeURIComponent(item.path)}`);
      } catch (error) { /* some viewers forbid it */ }
      scrolled(byId("rows"), byId("rows").querySelector("tr.selected"));
      scrolled(byId("canvas"), graph.boxes && graph.boxes.get(item.id));
    }
  },
  toggle(item, isOpen = !state.open.has(item.id)) {
    if (isOpen) {
      model.opened(item).forEach((part) => state.open.add(part.id));
      for (let at = item.parent; at; at = at.parent) state.open.add(at.id);
    } else {
      state.open.delete(item.id);
    }
    refresh();
  },
  sort(column) {
    const isSame = state.sort && state.sort.column === column;
    const isText = Boolean(COLUMNS[column].text);
    if (isSame && state.sort.isUp !== isText) state.sort = null;
    else state.sort = { column, isUp: isSame ? !state.sort.isUp : isText };
    showTable();
    byId("rows").querySelector(`button[data-column="${column}"]`).focus();
  },
  refresh() { refresh(); },
};

function refresh() {
  showGraph();
  showTable();
}

// Opens what a selected item is inside of.
function reveal(item) {
  for (let at = item.parent; at; at = at.parent) state.open.add(at.id);
}

function scrolled(pane, node) {
  if (!node) return;
  const [outer, inner] = [pane.getBoundingClientRect(), node.getBoundingClientRect()];
  if (inner.top < outer.top + 40) pane.scrollTop -= outer.top + 60 - inner.top;
  else if (inner.bottom > outer.bottom - 10) pane.scrollTop += inner.bottom - outer.bottom + 60;
  if (inner.width > outer.width) return; // a row of a table, whose beginning has its name
  if (inner.left < outer.left) pane.scrollLeft -= outer.left + 20 - inner.left;
  else if (inner.right > outer.right) pane.scrollLeft += inner.right - outer.right + 20;
}

// A mistake in the picture leaves the table and says what it is.
function showGraph(isSame, isFirst) {
  const canvas = byId("canvas"), hadFocus = canvas.contains(document.activeElement);
  byId("app").classList.toggle("flat", state.view === "volumes");
  try {
    const drawn = [...state.open].join();
    if (!isSame || graph.drawn !== `${state.view} ${graph.shade} ${drawn}`) {
      graph.picture(isFirst);
      scaleGraph();
      canvas.replaceChildren(graph.image);
      graph.drawn = `${state.view} ${graph.shade} ${drawn}`;
    }
    graph.select(state.isChosen ? shownFor(state.selected) : null);
    if (hadFocus) canvas.querySelector("[tabindex='0'][data-id]")?.focus({ preventScroll: true });
  } catch (error) {
    graph.drawn = null;
    graph.boxes = new Map();
    canvas.replaceChildren(el("p", { class: "failed" }, `The picture cannot be drawn: ${error.message}`));
  }
}

// The box in which an item is: its own, or what is folded around it.
function shownFor(item) {
  let found = item;
  for (let at = item; at; at = at.parent) if (at !== item && !state.open.has(at.id)) found = at;
  return found;
}

// Boxes fit themselves to their room: to ask for it would lay out the page before it is complete.
function scaleGraph(zoom) {
  const { image, full: { width, height } } = graph, look = image.style;
  if (zoom) graph.zoom = zoom;
  look.height = "auto";
  if (graph.zoom) look.width = `${Math.round(width * graph.zoom)}px`;
  else if (state.view === "boxes") look.width = `clamp(${Math.round(width * 0.45)}px, 100%, ${width}px)`;
  else {
    const canvas = byId("canvas"), room = canvas.clientWidth - 24, tall = canvas.clientHeight - 24;
    const scale = Math.max(0.75, Math.min(1.8, room / width, Math.max(tall, 200) / height));
    look.width = `${Math.round(width * scale)}px`;
  }
}

const scaleNow = () => graph.image.getBoundingClientRect().width / graph.full.width;

function showTable() { byId("rows").replaceChildren(...table.render().filter(Boolean)); }

function showPanel() {
  const item = state.selected, panel = byId("panel"), before = panel.dataset.shows;
  const isSame = before === `${state.panel} ${item.path}`, top = isSame ? panel.scrollTop : 0;
  const axis = document.activeElement?.dataset?.axis, radio = document.activeElement?.name === "memory";
  chosen.isChosen = state.isChosen;
  const made = {
    arithmetic: () => arithmetic(model, item),
    field: () => field(model, item, showPanel),
    windows: () => windows(model, item),
    memory: () => memory(model, item, showPanel),
    source: () => source(model, item, (node) => actions.select(model.item(node))),
  }[state.panel]();
  panel.replaceChildren(...made.filter(Boolean));
  panel.dataset.shows = `${state.panel} ${item.path}`;
  if (before) panel.scrollTop = top; // to ask for it or to set it lays out the whole page
  if (axis !== undefined) panel.querySelector(`[data-axis="${axis}"]`)?.focus();
  if (radio) panel.querySelector("input[name=memory]:checked")?.focus();
  if (state.panel === "source") scrolled(panel, panel.querySelector("li.it"));
  byId("about-layer").textContent = item.kind === "layer" || item.kind === "input" ? item.path : `${item.path} (${model.data.names[item.out]})`;
  panel.setAttribute("aria-labelledby", `tab-${state.panel}`);
  for (const [name] of PANELS) {
    const tab = byId(`tab-${name}`);
    tab.setAttribute("aria-selected", String(name === state.panel));
    tab.tabIndex = name === state.panel ? 0 : -1;
  }
}

function legend() {
  const used = new Set();
  for (let node = 1; node < model.count && used.size < FAMILIES.size; node++) used.add(FAMILIES.get(model.kind(node).family));
  const folds = model.parts.some((part) => part.at && part.kind !== "branch") ? [["group", "folded parts"]] : [];
  byId("legend").replaceChildren(...[...LEGEND.filter(([family]) => used.has(family)), ...folds]
    .map(([family, name]) => el("li", { class: family }, el("span", { class: "swatch" }), name)));
}

// Takes a document: the one of the page, or the next one of a file that is followed.
function load(data) {
  model = new Model(data);
  graph = new Graph(model, state);
  table = new Table(model, state, actions);
  state.open = model.unfolded(BOXES);
  state.selected = model.count > 1 ? model.item(1) : model.input;
  legend();
  summary(data.changes);
  notice();
}

function notice() {
  byId("findings").hidden = !model.serious;
  byId("findings").textContent = `${model.serious} finding${model.serious === 1 ? "" : "s"} in the source`;
}

// How much of a difference there is, and where it begins.
function summary(changes) {
  byId("changes").hidden = !changes;
  if (!changes) return;
  const counts = ["changed", "added", "removed"].map((kind) => `${digits(changes[kind].length)} ${kind}`);
  byId("changes").textContent = counts.some((count) => !count.startsWith("0 ")) ? counts.join(", ") : "no layer differs";
}

function keys(event) {
  const id = event.target.closest("[data-id]")?.dataset.id, order = graph.order || [];
  const at = order.findIndex((item) => item.id === id);
  if (at < 0) return;
  const item = order[at];
  const along = state.view === "volumes" ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  const steps = { [along[0]]: at - 1, [along[1]]: at + 1, Home: 0, End: order.length - 1 };
  if (event.key in steps) focusBox(order[Math.max(0, Math.min(order.length - 1, steps[event.key]))]);
  else if (event.key === "Enter" || event.key === " ") {
    if (!model.isLeaf(item)) openAt(item);
    else actions.select(item);
  } else if (event.key === "Escape" || event.key === "Backspace") foldAround(item);
  else return;
  event.preventDefault();
}

function focusBox(item) {
  actions.select(item);
  graph.boxes.get(item.id)?.focus({ preventScroll: true });
}

// Opens a box and goes to the first that was in it.
function openAt(item) {
  actions.toggle(item, true);
  let inside = item;
  while (!model.isLeaf(inside) && state.open.has(inside.id)) inside = model.children(inside).find((one) => one.kind !== "branch" || one.stop > one.start);
  focusBox(inside);
}

// Folds the innermost part that shows a frame around an item.
function foldAround(item) {
  let around = item.parent;
  while (around && (around.kind === "branch" || around.kind === "merge")) around = around.parent;
  if (!around || around === model.root) return;
  actions.toggle(around, false);
  focusBox(around);
}

function start() {
  const data = JSON.parse(byId("data").textContent);
  document.documentElement.classList.add("scripted"); // before what is for readers without scripts comes
  listen();
  if (data) show(data);
  if (typeof follow === "function") follow();
}

function show(data) {
  load(data);
  byId("app").hidden = false;
  if (go()) return;
  showGraph(false, true);
  afterPaint(() => {
    graph.rest?.();
    showTable();
    showPanel();
  });
}

// The picture is there first; what is below and beside it takes as long again, and would hold up
// the processors that still draw the picture.
function afterPaint(action) {
  let isDone = false;
  const once = () => { if (!isDone) { isDone = true; action(); } };
  if (document.hidden) once();
  else {
    requestAnimationFrame(() => setTimeout(once, 40));
    addEventListener("beforeprint", once, { once: true });
  }
}

// Goes to the layer that the address names.
function go() {
  let path;
  try {
    path = decodeURIComponent(location.hash.slice(1));
  } catch (error) {
    path = "";
  }
  const item = path && model.find(path);
  if (item) actions.select(item);
  return Boolean(item);
}

function listen() {
  const canvas = byId("canvas");
  canvas.addEventListener("click", (event) => {
    const fold = event.target.closest("[data-fold]"), open = event.target.closest("[data-open]");
    const box = event.target.closest("[data-id]");
    const items = (id) => (id.startsWith("p") ? model.parts[Number(id.slice(1))] : model.item(Number(id.slice(1))));
    if (fold) {
      actions.toggle(items(fold.dataset.fold), false);
      actions.select(items(fold.dataset.fold), true);
    } else if (open) actions.toggle(items(open.dataset.open), true);
    else if (box) actions.select(items(box.dataset.id));
  });
  canvas.addEventListener("dblclick", (event) => {
    const id = event.target.closest(".box[data-id]")?.dataset.id;
    if (id?.startsWith("p")) actions.toggle(model.parts[Number(id.slice(1))], true);
  });
  canvas.addEventListener("keydown", keys);
  canvas.addEventListener("pointerover", (event) => {
    const box = event.target.closest(".box");
    if (box && !box.querySelector("title")) box.prepend(draw("title", null, box.getAttribute("aria-label")));
  });
  const choose = (id, change) => byId(id).addEventListener("change", (event) => change(event.target.value));
  choose("view", (value) => {
    state.view = value;
    byId("shade").value = graph.shade;
    graph.zoom = null;
    showGraph();
  });
  choose("shade", (value) => { state.shades.set(state.view, value); showGraph(); });
  const press = (id, action) => byId(id).addEventListener("click", action);
  press("open-all", () => {
    let count = 0;
    for (const part of model.parts) if ((count += part.inside.length + 1) < MOST_BOXES) state.open.add(part.id);
    refresh();
  });
  press("fold-all", () => { state.open = new Set(["p0"]); refresh(); });
  press("smaller", () => scaleGraph(scaleNow() / 1.25));
  press("larger", () => scaleGraph(scaleNow() * 1.25));
  press("fit", () => { graph.zoom = null; scaleGraph(); });
  press("save", save);
  press("changes", () => {
    const marked = model.marks.map(([node]) => node).sort((a, b) => a - b);
    const next = marked.find((node) => !state.isChosen || node > state.selected.out) ?? marked[0];
    if (next !== undefined) actions.select(model.item(next));
  });
  press("findings", () => showTab("source"));
  byId("filter").addEventListener("input", (event) => { state.filter = event.target.value; showTable(); });
  byId("tabs").addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) showTab(tab.id.slice(4));
  });
  byId("tabs").addEventListener("keydown", (event) => {
    const names = PANELS.map(([name]) => name), at = names.indexOf(state.panel);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: names.length - 1 }[event.key];
    if (to === undefined) return;
    showTab(names[(to + names.length) % names.length]);
    byId(`tab-${state.panel}`).focus();
    event.preventDefault();
  });
  addEventListener("hashchange", () => { if (model) go(); });
  addEventListener("resize", () => { if (graph && graph.image && !graph.zoom) scaleGraph(); });
}

function showTab(name) {
  state.panel = name;
  showPanel();
}

function save() {
  const address = URL.createObjectURL(new Blob([graph.saved()], { type: "image/svg+xml" }));
  const link = el("a", { href: address, download: `${model.data.file.replace(/\.ya?ml$/, "")}-${state.view}.svg` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

start();
