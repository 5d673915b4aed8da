// A page that follows a file: each good state takes the place of the one before, mistakes stand
// above the last good picture.

const told = new Map();

function follow() {
  const news = new EventSource(`events${location.search}`);
  const on = (kind, action) => news.addEventListener(kind, (event) => action(JSON.parse(event.data)));
  on("document", follows);
  on("findings", (findings) => {
    byId("live").hidden = true;
    if (!model || JSON.stringify(findings) === JSON.stringify(model.found)) return;
    model.take(findings);
    notice();
    graph.drawn = null;
    refresh();
    if (state.panel === "source") showPanel();
  });
  on("training", (training) => {
    if (!model) return;
    model.data.training = training;
    if (state.panel === "memory") showPanel();
  });
  on("mistakes", mistakes);
  on("busy", (name) => {
    byId("live").textContent = `calculating ${name} …`;
    byId("live").hidden = false;
  });
  news.onerror = () => {
    byId("live").textContent = "the program that follows the file has ended";
    byId("live").hidden = false;
  };
  news.onopen = () => { byId("live").hidden = true; };
}

// What stays the same from one document to the next is known by its path.
const key = (part) => `${part.kind === "run" ? `run ${part.start}` : part.kind} ${part.path}`;

function follows(data) {
  byId("live").hidden = true;
  told.clear();
  if (!model) {
    rename(data);
    show(data);
    return;
  }
  const [old, open, kept] = [model, state.open, state.selected.path];
  const [isChosen, zoom] = [state.isChosen, graph.zoom];
  const known = new Map(old.parts.map((part) => [key(part), open.has(part.id)]));
  const places = ["canvas", "rows", "panel"].map((id) => [byId(id), byId(id).scrollTop, byId(id).scrollLeft]);
  rename(data, old.data);
  [data.findings, data.training] = [old.found, old.data.training]; // until the new ones come
  load(data);
  const fresh = state.open;
  state.open = new Set(model.parts.filter((part) => known.get(key(part)) ?? fresh.has(part.id)).map((part) => part.id));
  state.open.add("p0");
  state.selected = model.find(kept) || state.selected;
  state.isChosen = isChosen && Boolean(model.find(kept));
  graph.zoom = zoom;
  marked(old);
  refresh();
  showPanel();
  for (const [pane, top, left] of places) [pane.scrollTop, pane.scrollLeft] = [top, left];
  performance.mark(`painted ${data.file}`);
}

// Outlines what is not as it was.
function marked(old) {
  const sign = (from, node) => JSON.stringify([from.kind(node), from.inputs[node].map((feed) => from.data.names[feed])]);
  model.marks = [];
  for (let node = 1; node < model.count; node++) {
    const was = old.nodeOf.get(model.data.names[node]);
    if (was === undefined) model.marks.push([node, "added"]);
    else if (sign(old, was) !== sign(model, node)) model.marks.push([node, "changed"]);
  }
}

// The name, the totals, and by how much they have changed.
function rename(data, old) {
  document.title = data.name;
  document.querySelector("h1").textContent = data.name;
  document.querySelector("header p").textContent = data.about;
  const amounts = { parameters: "params", MACs: "macs", activations: "bytes", peak: "peak" };
  byId("cards").replaceChildren(...data.cards.map(([label, value, whole]) => {
    const name = amounts[label];
    const [was, is] = old && name ? [Number(old.totals[name]), Number(data.totals[name])] : [0, 0];
    const by = was && was !== is ? (100 * (is - was)) / was : 0;
    return el("li", { title: whole }, el("span", null, label), el("b", null, value),
      by ? el("span", { class: `change ${by > 0 ? "more" : "less"}` }, `${by > 0 ? "+" : ""}${by.toFixed(1)}%`) : null);
  }));
}

function mistakes(found) {
  byId("app").classList.toggle("past", Boolean(found));
  byId("mistakes").hidden = !found;
  if (!found) return;
  byId("live").hidden = true;
  const count = found.mistakes.length;
  const heading = found.fact || `${count} mistake${count === 1 ? "" : "s"}`;
  byId("mistakes").replaceChildren(el("b", null, heading), model ? "; the picture is of the last good state " : " ",
    ...found.mistakes.slice(0, 12).map((one) => el("button", { type: "button", click: () => pointed(found, one.line) },
      `line ${one.line}: ${one.message}`)));
  if (!model && found.source) pointed(found, 0);
  else if (model) {
    model.data.source = found.source || model.data.source;
    model.data.findings = found.mistakes.length ? found.mistakes : model.found;
    if (state.panel === "source") showPanel();
  }
}

// Shows a mistake where it is in the source; without a picture, below the mistakes.
function pointed(found, line) {
  if (model) {
    showTab("source");
    const panel = byId("panel");
    const at = panel.querySelectorAll("ol.source > li")[line - 1];
    if (at) panel.scrollTop += at.getBoundingClientRect().top - panel.getBoundingClientRect().top - 60;
    return;
  }
  const plain = { data: { source: found.source, findings: found.mistakes, lines: [] } };
  byId("mistakes").querySelector("ol")?.remove();
  byId("mistakes").append(...source(plain, {}, () => {}).filter((node) => node.tagName === "OL"));
}

// The arithmetic of a layer, which is asked for when it is looked at.
function asked(path) {
  if (told.has(path)) return told.get(path);
  const made = el("div", { "aria-live": "polite" }, el("p", { class: "quiet" }, "…"));
  told.set(path, made);
  const address = new URL(`arithmetic${location.search}`, location.href);
  address.searchParams.set("layer", path);
  fetch(address).then((answer) => (answer.ok ? answer.json() : [])).then((sections) => {
    made.replaceChildren(...sections.map(([title, facts]) => sums(title, facts)));
  }, () => told.delete(path));
  return made;
}
