// The pictures: boxes from top to bottom, or volumes from left to right.

const BOX = { width: 176, height: 58 };
const FAMILIES = new Map([
  ["convolutions", "conv"], ["poolings", "pool"], ["fully connected layers", "dense"],
  ["recurrent layers", "recur"], ["learned tensors and tables", "table"], ["normalisations", "norm"],
  ["activations", "act"], ["attention", "attn"], ["merges", "merge"], ["rearrangements", "shape"],
]);
const LEGEND = [...FAMILIES].map(([name, family]) => [family, name]);
const MOST_BOXES = 3000;

const familyOf = (model, item) => FAMILIES.get(model.family(item)) || (item.kind === "input" ? "input" : "group");

const pen = document.createElement("canvas").getContext("2d");
const widths = new Map();
function widthOf(text, isBold) {
  const key = `${isBold} ${text}`;
  if (!widths.has(key)) {
    pen.font = `${isBold ? "600 " : ""}12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif`;
    widths.set(key, pen.measureText(text).width * 1.04);
  }
  return widths.get(key);
}

function fitted(text, room, size, isBold) {
  const scale = size / 12;
  if (widthOf(text, isBold) * scale <= room) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (widthOf(`${text.slice(0, middle)}…`, isBold) * scale <= room) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
}

// How large volumes are drawn: lengths grow with the square root of sizes, so that a map of 7 rows
// can be seen beside one of 224.
function scales(model, leaves) {
  let most = 1, deepest = 1;
  for (const { out } of leaves) {
    const sizes = model.kind(out).out;
    most = Math.max(most, ...sizes.slice(0, -1));
    deepest = Math.max(deepest, sizes[sizes.length - 1]);
  }
  return (sizes) => {
    const channels = sizes[sizes.length - 1], spatial = sizes.slice(0, -1);
    const along = (size) => 6 + 164 * Math.sqrt(size / most);
    if (!spatial.length) return { tall: 8, deep: 8, wide: 10 + 62 * Math.sqrt(channels / deepest) };
    const tall = along(spatial[spatial.length === 3 ? 1 : 0]);
    const deep = spatial.length > 1 ? along(spatial[spatial.length - 1]) * 0.28 : 6;
    return { tall, deep, wide: 5 + 50 * Math.sqrt(channels / deepest) };
  };
}

class Graph {
  constructor(model, state) {
    this.model = model;
    this.state = state;
    this.zoom = null;
  }

  get isVolumes() { return this.state.view === "volumes"; }

  // The leaves that are shown, without their places.
  shown() {
    const found = [];
    const visit = (item) => {
      if (this.model.isLeaf(item) || !this.state.open.has(item.id)) found.push(item);
      else this.model.children(item).forEach(visit);
    };
    visit(this.model.root);
    return found;
  }

  // Boxes that are below the window at first can come after it is painted: `rest` draws them.
  picture(isFirst) {
    const model = this.model, shown = this.shown();
    if (shown.length > MOST_BOXES) {
      throw new Error(`${digits(shown.length)} boxes would be drawn, and at most ${digits(MOST_BOXES)} are: fold some`);
    }
    const scale = this.isVolumes ? scales(model, [model.input, ...shown]) : null;
    const measure = this.isVolumes ? (item) => this.measureVolume(item, scale) : (item) => this.measureBox(item);
    const spacing = this.isVolumes ? { gap: 22, before: PAD, left: 24 } : { gap: 26, before: 24, left: PAD };
    const placed = layout(model, this.state.open, measure, spacing);
    this.most = new Map(["macs", "params", "bytes"].map((quantity) =>
      [quantity, Math.max(1, ...placed.leaves.slice(1).map((leaf) => Number(model.sum(leaf.item, quantity))))]));
    const [width, height] = this.isVolumes ? [placed.height, placed.width] : [placed.width, placed.height];
    this.full = { width: Math.ceil(width), height: Math.ceil(height) };
    const image = draw("svg", {
      class: "graph", role: "group", "aria-label": `${model.data.name}: layers and what feeds them`,
      viewBox: `0 0 ${this.full.width} ${this.full.height}`,
    }, this.markers(), placed.frames.map((frame) => this.frame(frame)));
    const titles = placed.frames.map((frame) => this.title(frame));
    this.arrows = placed.edges.map((edge) => [edge, this.arrow(edge)]);
    this.boxes = new Map();
    image.append(...this.arrows.map(([, path]) => path), ...titles);
    const put = (leaf) => {
      const box = this.isVolumes ? this.volume(leaf) : this.box(leaf);
      this.boxes.set(leaf.item.id, box);
      image.append(box);
    };
    const isLate = (leaf) => isFirst && leaf.y > innerHeight;
    placed.leaves.filter((leaf) => !isLate(leaf)).forEach(put);
    this.rest = () => placed.leaves.filter(isLate).forEach(put);
    this.image = image;
    this.order = placed.leaves.map((leaf) => leaf.item);
    return image;
  }

  markers() {
    return draw("defs", null, ["arrow", "arrow-on"].map((id) => draw("marker", {
      id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto",
      markerUnits: "userSpaceOnUse",
    }, draw("path", { d: "M0 0L8 4L0 8Z", class: id }))));
  }

  arrow(edge) {
    const kind = `edge${edge.isSize ? " size" : ""}${edge.way ? "" : " far"}`;
    return draw("path", { class: kind, d: route(edge.points, this.isVolumes), "marker-end": "url(#arrow)" });
  }

  bounds(sequence) {
    const across = [sequence.axis - sequence.left, sequence.left + sequence.rim];
    return this.isVolumes ? [sequence.y, sequence.height, ...across] : [...across, sequence.y, sequence.height];
  }

  frame(sequence) {
    const [x, width, y, height] = this.bounds(sequence);
    return draw("rect", { class: "frame", x: round(x), y: round(y), width: round(width), height: round(height), rx: 6 });
  }

  title(sequence) {
    const item = sequence.item, [x, width, y] = this.bounds(sequence);
    const name = this.model.name(item), what = item.what === "group" ? "" : this.described(item);
    const room = width - 34, named = fitted(name, room, 11, true);
    const left = room - widthOf(named, true) * 0.92 - 6;
    return draw("g", {
      class: "title", role: "button", tabindex: -1, "data-fold": item.id, "aria-expanded": "true",
      "aria-label": `fold ${name}`,
    },
    draw("rect", { class: "handle", x: round(x), y: round(y), width: round(width), height: 20 }),
    draw("text", { x: round(x + 8), y: round(y + 15) }, "▾ ", draw("tspan", { class: "name" }, named),
      left > 30 && what && what !== name ? draw("tspan", { class: "quiet", dx: 5 }, fitted(what, left, 11)) : null));
  }

  level(item) {
    if (this.shade === "type" || item.kind === "input") return "";
    const amount = Number(this.model.sum(item, this.shade)) / this.most.get(this.shade);
    return ` shaded s${amount ? Math.max(1, Math.ceil(8 * amount)) : 0}`;
  }

  told(item) {
    const model = this.model;
    const amounts = [["macs", "MACs"], ["params", "parameters"], ["bytes", "bytes"]]
      .map(([quantity, unit]) => `${digits(model.sum(item, quantity))} ${unit}`);
    return `${model.name(item)}, ${model.type(item)}, ${model.size(item)}, ${amounts.join(", ")}`;
  }

  measureBox(item) {
    const height = item.kind === "input" ? 28 : BOX.height;
    return { left: BOX.width / 2, right: BOX.width / 2 + (this.isStack(item) ? 6 : 0), height, inset: 0, core: height };
  }

  isStack(item) { return item.kind === "repeat" || item.kind === "run"; }

  outline(item, leaf) {
    const isGroup = !this.model.isLeaf(item);
    return {
      class: `box ${familyOf(this.model, item)}${this.level(item)}${isGroup ? " folded" : ""}${this.mark(item)}`,
      role: "button", tabindex: -1, "data-id": item.id, "aria-label": this.told(item),
      ...(isGroup ? { "aria-expanded": "false" } : {}),
    };
  }

  // How a drawn difference, or a change while a file is edited, shows in a box.
  mark(item) {
    const kind = this.model.mark(item);
    return kind ? ` ${kind}` : "";
  }

  box(leaf) {
    const { item } = leaf, model = this.model, { width } = BOX;
    const x = round(leaf.axis - width / 2), y = round(leaf.y), height = leaf.height;
    if (item.kind === "input") {
      return draw("g", this.outline(item),
        draw("rect", { class: "body", x, y, width, height, rx: 14 }),
        draw("text", { x: x + width / 2, y: y + 18, "text-anchor": "middle" }, `input ${model.size(item)}`));
    }
    const isGroup = !model.isLeaf(item);
    const share = Number(model.sum(item, this.bar)) / (this.most.get(this.bar) || 1);
    const name = fitted(model.name(item), width - (isGroup ? 60 : 48), 12, true);
    return draw("g", this.outline(item),
      this.isStack(item) ? [6, 3].map((by) => draw("rect", { class: "behind", x: x + by, y: y + by, width, height: height - by + 2, rx: 5 })) : null,
      draw("rect", { class: "body", x, y, width, height, rx: 5 }),
      isGroup ? null : draw("rect", { class: "stripe", x, y, width: 5, height, rx: 2 }),
      this.icon(model.volume(item), x + 11, y + 8),
      isGroup ? this.fold(item, x + 38, y + 7) : null,
      draw("text", { x: x + (isGroup ? 52 : 40), y: y + 17, class: "name" }, name),
      draw("text", { x: x + 40, y: y + 31, class: "quiet" }, fitted(this.described(item), width - 46, 11)),
      draw("text", { x: x + 40, y: y + 44, class: "size" }, fitted(model.size(item), width - 46, 11)),
      draw("rect", { class: "rail", x: x + 40, y: y + 49, width: width - 50, height: 3, rx: 1.5 }),
      draw("rect", { class: "bar", x: x + 40, y: y + 49, width: round((width - 50) * share), height: 3, rx: 1.5 }),
      model.troubled(item) ? this.warning(x + width - 19, y + 5) : null);
  }

  get shade() { return this.state.shades.get(this.state.view); }
  get bar() { return this.shade === "type" ? "macs" : this.shade; }

  described(item) {
    return item.kind === "repeat" ? item.what : this.model.type(item);
  }

  fold(item, x, y) {
    return draw("g", { class: "open", "data-open": item.id },
      draw("rect", { class: "handle", x: x - 3, y: y - 5, width: 18, height: 20 }),
      draw("path", { d: `M${x + 2} ${y + 1}L${x + 9} ${y + 5}L${x + 2} ${y + 9}Z` }));
  }

  warning(x, y) {
    return draw("g", { class: "warning" }, draw("path", { d: `M${x + 7} ${y}L${x + 14} ${y + 12}H${x}Z` }),
      draw("text", { x: x + 7, y: y + 10.5, "text-anchor": "middle" }, "!"));
  }

  // A small picture of the volume: tall for maps, wide for many channels.
  icon(sizes, x, y) {
    const channels = sizes[sizes.length - 1];
    const tall = sizes.length > 1 ? Math.min(26, 5 + 2.6 * Math.log2(sizes[0])) : 5;
    const wide = Math.min(15, 2 + 1.1 * Math.log2(channels));
    const deep = sizes.length > 2 ? tall * 0.28 : 3;
    return this.solid(x, y + (30 - tall) / 2 + 4, tall, deep, wide, "icon");
  }

  // A box seen from the left and above: its front, its top and its side.
  solid(x, y, tall, deep, wide, kind) {
    const at = (right, up) => `${round(x + right)} ${round(y + up)}`;
    return draw("g", { class: kind },
      draw("path", { class: "side", d: `M${at(wide, 0)}L${at(wide + deep, -deep)}V${round(y + tall - deep)}L${at(wide, tall)}Z` }),
      draw("path", { class: "top", d: `M${at(0, 0)}L${at(deep, -deep)}H${round(x + wide + deep)}L${at(wide, 0)}Z` }),
      draw("rect", { class: "front", x: round(x), y: round(y), width: round(wide), height: round(tall) }));
  }

  measureVolume(item, scale) {
    const { tall, deep, wide } = scale(this.model.volume(item));
    const name = this.label(item), size = this.model.size(item);
    const core = wide + deep;
    const height = Math.max(core, Math.min(120, widthOf(name, true) * 0.92), widthOf(size, false) * 0.84) + 4;
    const half = (tall + deep) / 2, inset = (height - core) / 2;
    return { left: half, right: half + 32, height, inset: inset - 2, core: inset + core + 2, tall, deep, wide };
  }

  label(item) {
    const count = item.kind === "repeat" ? ` × ${item.inside.length}` : "";
    return item.kind === "repeat" ? `${this.model.name(item)}${count}` : this.model.name(item);
  }

  volume(leaf) {
    const { item, tall, deep, wide } = leaf, model = this.model;
    const x = leaf.y + leaf.inset + 2, y = leaf.axis - (tall + deep) / 2 + deep, middle = round(leaf.y + leaf.height / 2);
    const foot = leaf.axis + (tall + deep) / 2;
    return draw("g", this.outline(item),
      draw("rect", { class: "handle", x: round(leaf.y), y: round(leaf.axis - leaf.left), width: round(leaf.height), height: round(leaf.left + leaf.right) }),
      this.solid(x, y, tall, deep, wide, "volume"),
      draw("text", { class: "name", x: middle, y: round(foot + 13), "text-anchor": "middle" }, fitted(this.label(item), 122, 11, true)),
      draw("text", { class: "size", x: middle, y: round(foot + 25), "text-anchor": "middle" }, model.size(item)));
  }

  // Draws what is selected as such, and the arrows at it.
  select(item) {
    for (const [id, box] of this.boxes) {
      const isIt = Boolean(item) && id === item.id;
      box.classList.toggle("selected", isIt);
      box.setAttribute("tabindex", isIt ? 0 : -1);
    }
    if (!item || !this.boxes.has(item.id)) this.boxes.get(this.order[0].id).setAttribute("tabindex", 0);
    for (const [edge, path] of this.arrows) {
      const isOn = Boolean(item) && (edge.source.item.id === item.id || edge.target.item.id === item.id);
      path.classList.toggle("on", isOn);
      path.setAttribute("marker-end", isOn ? "url(#arrow-on)" : "url(#arrow)");
      if (isOn) path.parentNode.insertBefore(path, this.boxes.get(this.order[0].id));
    }
  }

  // A picture on its own, with the colours that it has here.
  saved() {
    const copy = this.image.cloneNode(true);
    const names = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-weight", "font-family", "opacity", "visibility", "fill-opacity"];
    const pairs = [this.image, copy].map((root) => [root, ...root.querySelectorAll("*")]);
    pairs[0].forEach((node, at) => {
      const look = getComputedStyle(node), to = pairs[1][at];
      for (const name of names) to.setAttribute(name, look.getPropertyValue(name));
      for (const name of ["class", "style", "role", "tabindex", "aria-label", "aria-expanded", "data-id", "data-open", "data-fold"]) to.removeAttribute(name);
    });
    copy.setAttribute("xmlns", SVG);
    copy.setAttribute("width", this.full.width);
    copy.setAttribute("height", this.full.height);
    const ground = draw("rect", { width: "100%", height: "100%", fill: getComputedStyle(byId("canvas")).backgroundColor });
    copy.insertBefore(ground, copy.firstChild);
    return new XMLSerializer().serializeToString(copy);
  }
}
