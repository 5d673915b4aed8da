// The rows of a sweep: a scatter of two columns, and a table that sorts and filters.

const SHOWN = 500; // rows of the table at a time
const NEAR = 24; // pixels from the pointer to a point
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("data").textContent);
const { names, rows, best } = data;
const isBest = new Set(best);
const numbers = names.map((_, column) => rows.map((row) => (row[column] === "" ? NaN : Number(row[column]))));
const isNumeric = names.map((_, column) => rows.every((row, at) => row[column] === "" || !Number.isNaN(numbers[column][at])));
const state = { across: data.across, up: data.up, filters: names.map(() => ""), sort: null, isFront: false, picked: -1 };
let shown = [];
let points = [];

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

// Whole numbers in groups of three, exact however long they are.
const written = (text) => (/^-?\d{4,}$/.test(text) ? text.replace(/\B(?=(\d{3})+$)/g, ",") : text);

const UNITS = new Map([["", 1], ["k", 1e3], ["m", 1e6], ["g", 1e9], ["t", 1e12]]);

function amount(text) {
  const found = /^(-?[\d.,]+)\s*([kmgt]?)$/i.exec(text.trim());
  return found ? Number(found[1].replace(/,/g, "")) * UNITS.get(found[2].toLowerCase()) : NaN;
}

// What a filter asks of a cell; null where it cannot be read.
function test(text, column) {
  const asked = text.trim();
  if (!asked) return () => true;
  if (!isNumeric[column]) return (at) => rows[at][column].toLowerCase().includes(asked.toLowerCase());
  const values = numbers[column];
  const range = /^(.+?)\.\.(.+)$/.exec(asked);
  if (range) {
    const [low, high] = [amount(range[1]), amount(range[2])];
    return Number.isNaN(low + high) ? null : (at) => values[at] >= low && values[at] <= high;
  }
  const sign = /^(<=|>=|<|>|=|≤|≥)?(.*)$/.exec(asked);
  const bound = amount(sign[2]);
  if (Number.isNaN(bound)) return null;
  if (sign[1] === "<=" || sign[1] === "≤") return (at) => values[at] <= bound;
  if (sign[1] === ">=" || sign[1] === "≥") return (at) => values[at] >= bound;
  if (sign[1] === "<") return (at) => values[at] < bound;
  if (sign[1] === ">") return (at) => values[at] > bound;
  return (at) => values[at] === bound;
}

function select() {
  const tests = state.filters.map(test);
  state.filters.forEach((_, column) => {
    const input = byId(`filter-${column}`);
    if (input) input.setCustomValidity(tests[column] ? "" : "a number, or <=300M, or 96..160");
  });
  const asked = tests.filter(Boolean);
  shown = rows.map((_, at) => at).filter((at) => (!state.isFront || isBest.has(at)) && asked.every((one) => one(at)));
  if (state.sort) {
    const { column, isUp } = state.sort;
    const sign = isUp ? 1 : -1;
    const compare = isNumeric[column]
      ? (a, b) => missing(a, b, column) || sign * (numbers[column][a] - numbers[column][b])
      : (a, b) => sign * (rows[a][column] < rows[b][column] ? -1 : rows[a][column] > rows[b][column] ? 1 : 0);
    shown.sort((a, b) => compare(a, b) || a - b);
  }
}

// What is not known comes last, whichever way.
const missing = (a, b, column) => Number.isNaN(numbers[column][a]) - Number.isNaN(numbers[column][b]);

function showRows() {
  const body = byId("rows").querySelector("tbody");
  body.replaceChildren(...shown.slice(0, SHOWN).map((at) => {
    const cells = names.map((_, column) => el("td", { class: isNumeric[column] && "number" }, written(rows[at][column])));
    const kind = [isBest.has(at) && "best", at === state.picked && "selected"].filter(Boolean).join(" ");
    const row = el("tr", { class: kind || null, "data-row": at }, ...cells);
    return row;
  }));
  const left = shown.length - SHOWN;
  byId("count").textContent = `${written(String(shown.length))} of ${written(String(rows.length))} rows${left > 0 ? `, the first ${SHOWN} below` : ""}`;
  byId("rows").querySelectorAll("thead [data-column]").forEach((button) => {
    const column = Number(button.dataset.column);
    const order = state.sort && state.sort.column === column ? (state.sort.isUp ? "ascending" : "descending") : null;
    button.textContent = names[column] + (order ? (state.sort.isUp ? " ▲" : " ▼") : "");
    if (order) button.parentNode.setAttribute("aria-sort", order);
    else button.parentNode.removeAttribute("aria-sort");
  });
}

// Round numbers over a range, at most six.
function ticks(low, high) {
  const span = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / 5));
  const step = [1, 2, 5, 10].map((by) => by * power).find((by) => span / by <= 5);
  const found = [];
  for (let at = Math.ceil(low / step); at * step <= high; at += 1) found.push(at * step);
  return found;
}

function short(value) {
  const units = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]];
  const [by, unit] = units.find(([size]) => Math.abs(value) >= size) || [1, ""];
  return `${Number((value / by).toPrecision(6))}${unit}`;
}

function showScatter() {
  const canvas = byId("scatter");
  const { width, height } = canvas.getBoundingClientRect();
  const ratio = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  const draw = canvas.getContext("2d");
  draw.scale(ratio, ratio);
  const [xs, ys] = [numbers[state.across], numbers[state.up]];
  const known = shown.filter((at) => !Number.isNaN(xs[at] + ys[at]));
  canvas.setAttribute("aria-label", `${names[state.up]} over ${names[state.across]} of ${known.length} variants`);
  points = [];
  draw.font = '11px system-ui, "DejaVu Sans", sans-serif';
  draw.fillStyle = colour("quiet");
  draw.strokeStyle = colour("line");
  if (!known.length) {
    draw.fillText("no row has both", 20, 30);
    return;
  }
  const [left, right, top, bottom] = [58, width - 16, 14, height - 40];
  const scale = (values, from, to) => {
    const [low, high] = known.reduce(([a, b], at) => [Math.min(a, values[at]), Math.max(b, values[at])], [Infinity, -Infinity]);
    const span = high - low;
    return { low, high, of: (value) => (span ? from + ((value - low) / span) * (to - from) : (from + to) / 2) };
  };
  const [x, y] = [scale(xs, left + 8, right), scale(ys, bottom - 8, top)];
  const line = (...at) => { draw.beginPath(); draw.moveTo(at[0], at[1]); draw.lineTo(at[2], at[3]); draw.stroke(); };
  draw.textAlign = "center";
  for (const tick of ticks(x.low, x.high)) { line(x.of(tick), top, x.of(tick), bottom); draw.fillText(short(tick), x.of(tick), bottom + 15); }
  draw.textAlign = "right";
  for (const tick of ticks(y.low, y.high)) { line(left, y.of(tick), right, y.of(tick)); draw.fillText(short(tick), left - 5, y.of(tick) + 4); }
  draw.textAlign = "center";
  draw.fillStyle = colour("ink");
  draw.fillText(names[state.across], (left + right) / 2, height - 8);
  draw.save();
  draw.translate(12, (top + bottom) / 2);
  draw.rotate(-Math.PI / 2);
  draw.fillText(names[state.up], 0, 0);
  draw.restore();
  points = known.map((at) => [x.of(xs[at]), y.of(ys[at]), at]);
  const dots = (some, size, paint) => {
    draw.fillStyle = paint;
    for (const [px, py] of some) { draw.beginPath(); draw.arc(px, py, size, 0, 7); draw.fill(); }
  };
  dots(points.filter(([, , at]) => !isBest.has(at)), 2.2, colour("norm"));
  dots(points.filter(([, , at]) => isBest.has(at)), 3.6, colour("accent"));
  dots(points.filter(([, , at]) => at === state.picked), 6, colour("mark"));
}

function showPicked() {
  const at = state.picked;
  byId("picked").textContent = at < 0 ? "Point at a dot, or click on a row."
    : names.map((name, column) => `${name} ${written(rows[at][column])}`).join(" · ") + (isBest.has(at) ? " · on the Pareto front" : "");
}

function pick(at, isFromScatter) {
  state.picked = at;
  showPicked();
  showScatter();
  byId("rows").querySelectorAll("tr.selected").forEach((row) => row.classList.remove("selected"));
  const row = byId("rows").querySelector(`tr[data-row="${at}"]`);
  if (row) row.classList.add("selected");
  if (row && isFromScatter) row.scrollIntoView({ block: "center" });
}

function nearest(event) {
  const box = byId("scatter").getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  let [found, least] = [-1, NEAR ** 2];
  for (const [px, py, at] of points) {
    const far = (px - x) ** 2 + (py - y) ** 2;
    if (far < least || (far === least && isBest.has(at))) [found, least] = [at, far];
  }
  return found;
}

function refresh() {
  select();
  showRows();
  showScatter();
}

function start() {
  byId("still").hidden = true;
  byId("sweep").hidden = false;
  for (const [id, chosen] of [["across", state.across], ["up", state.up]]) {
    const menu = byId(id);
    names.forEach((name, column) => {
      if (isNumeric[column]) menu.append(el("option", { value: column, selected: column === chosen }, name));
    });
    menu.addEventListener("change", () => { state[id] = Number(menu.value); showScatter(); });
  }
  const buttons = names.map((_, column) => el("th", { scope: "col", class: isNumeric[column] && "number" },
    el("button", { type: "button", "data-column": column })));
  const filters = names.map((name, column) => el("th", null,
    el("input", { id: `filter-${column}`, "aria-label": `filter ${name}`, spellcheck: "false", autocomplete: "off" })));
  byId("rows").append(el("table", { class: "layers" },
    el("thead", null, el("tr", null, ...buttons), el("tr", { class: "filters" }, ...filters)), el("tbody")));
  byId("rows").addEventListener("click", (event) => {
    const button = event.target.closest("button[data-column]");
    const row = event.target.closest("tr[data-row]");
    if (row) pick(Number(row.dataset.row), false);
    if (!button) return;
    const column = Number(button.dataset.column);
    const isSame = state.sort && state.sort.column === column;
    state.sort = isSame && !state.sort.isUp ? null : { column, isUp: !isSame };
    refresh();
  });
  byId("rows").addEventListener("input", (event) => {
    state.filters[Number(event.target.id.slice("filter-".length))] = event.target.value;
    refresh();
  });
  byId("clear").addEventListener("click", () => {
    state.filters.fill("");
    byId("rows").querySelectorAll("input").forEach((input) => { input.value = ""; });
    refresh();
  });
  byId("front-label").hidden = !best.length;
  byId("front").addEventListener("change", (event) => { state.isFront = event.target.checked; refresh(); });
  byId("scatter").addEventListener("pointermove", (event) => {
    const at = nearest(event);
    if (at >= 0 && at !== state.picked) pick(at, false);
  });
  byId("scatter").addEventListener("click", (event) => {
    const at = nearest(event);
    if (at >= 0) pick(at, true);
  });
  window.addEventListener("resize", showScatter);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", showScatter);
  refresh();
  showPicked();
}

start();
