// What the page is about: the document unpacked, the tree of parts, and what is selected or open.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined) node.append(child);
  }
  return node;
}

const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const draw = (tag, attributes, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);
const byId = (id) => document.getElementById(id);

const digits = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");
const times = (text) => String(text).replace(/(\d)x(?=\d)/g, "$1×");
const round = (value) => Math.round(value * 10) / 10;

function short(value) {
  let number = Number(value), prefix = "";
  for (const next of ["k", "M", "G", "T", "P", "E"]) {
    if (number < 999.5) break;
    number /= 1000;
    prefix = next;
  }
  return `${prefix ? Number(number.toPrecision(3)) : number}${prefix}`;
}

// The unpacked document; a page that follows a file unpacks each new one.
class Model {
  constructor(data) {
    this.data = data;
    this.count = data.names.length;
    this.inputs = data.inputs.map((feeds, at) => (Array.isArray(feeds) ? feeds : [at - feeds]));
    this.likes = new Map(data.likes);
    this.shares = new Map(data.shares);
    const tree = data.tree;
    this.parts = [];
    tree.parents.forEach((back, at) => {
      const parent = at ? this.parts[at - back] : null, own = tree.paths[at];
      const part = {
        id: `p${at}`, at, parent, kind: tree.words[tree.kinds[at]],
        path: parent ? [parent.path, own].filter(Boolean).join(".") : "",
        what: tree.words[tree.what[at]], start: tree.starts[at], stop: tree.stops[at], inside: [],
        out: tree.outputs[at] > 0 ? tree.outputs[at] : tree.stops[at] - 1, made: null,
        line: tree.lines[at],
      };
      if (parent) parent.inside.push(part);
      this.parts.push(part);
    });
    this.root = this.parts[0];
    this.input = { id: "n0", kind: "input", path: "input", start: 0, stop: 1, out: 0, parent: this.root };
    this.take(data.findings);
    this.byPath = new Map();
    for (const part of this.parts) {
      if (part.kind !== "run" && part.kind !== "branch") this.byPath.set(part.path, part);
    }
    this.nodeOf = new Map(data.names.map((name, at) => [name, at]));
    if (data.changes) this.compare(data.changes);
  }

  // What a difference says: what each node has become, and which rows are gone after which.
  compare({ added, changed, removed }) {
    this.changes = new Map(changed);
    this.marked = new Map([...added.map((name) => [name, "added"]), ...changed.map(([name]) => [name, "changed"])]);
    this.gone = new Map();
    for (const [after, ...row] of removed) this.gone.set(after, [...(this.gone.get(after) || []), row]);
    this.marks = [...this.marked].map(([name, kind]) => [this.nodeOf.get(name), kind]);
  }

  // What a part of the picture has become, if anything in it has.
  mark(item) {
    if (!this.marks || item.kind === "input") return "";
    let found = "";
    for (const [node, kind] of this.marks) {
      if (node < item.start || node >= item.stop) continue;
      if (this.isLeaf(item)) return kind;
      found = "changed";
    }
    return found;
  }

  take(findings) {
    this.data.findings = this.found = findings; // a page that follows a file shows mistakes among them
    const serious = findings.filter((finding) => finding.allowed === null && finding.severity !== "note");
    this.serious = serious.length;
    this.findings = new Map(serious.filter((finding) => finding.layer).map((finding) => [finding.layer, finding]));
  }

  kind(node) { return this.data.kinds[this.data.kind[node]]; }
  field(node) { return this.data.fields[this.data.field[node]]; }
  isLeaf(item) { return item.kind === "layer" || item.kind === "input"; }

  // What is directly inside a part: parts and layers, in their order.
  children(part) {
    if (part.made) return part.made;
    const found = [];
    let at = part.start;
    for (const child of [...part.inside, null]) {
      for (const until = child ? child.start : part.stop; at < until; at++) found.push(this.layer(at, part));
      if (child) {
        found.push(child);
        at = child.stop;
      }
    }
    part.made = found;
    return found;
  }

  layer(node, parent) {
    return {
      id: `n${node}`, kind: "layer", path: this.data.names[node], start: node, stop: node + 1,
      out: node, parent, line: this.data.lines[node],
    };
  }

  // The item of a node, wherever it is in the tree.
  item(node) {
    if (node === 0) return this.input;
    let part = this.root;
    for (;;) {
      const inside = part.inside.find((child) => child.start <= node && node < child.stop);
      if (!inside) return this.children(part).find((child) => child.id === `n${node}`);
      part = inside;
    }
  }

  find(path) {
    const node = this.nodeOf.get(path);
    return node !== undefined ? this.item(node) : this.byPath.get(path);
  }

  sum(item, quantity) {
    if (item.kind === "layer" || item.kind === "input") return this.kind(item.start)[quantity] || 0;
    return this.data.tree[quantity][item.at];
  }

  type(item) {
    if (item.kind === "input") return "input";
    if (item.kind !== "layer") return item.what;
    const kind = this.kind(item.start);
    return `${kind.window ? `${times(kind.window)} ` : ""}${kind.type}${kind.activation ? ` + ${kind.activation}` : ""}`;
  }

  family(item) { return item.kind === "layer" ? this.kind(item.start).family : item.kind; }
  volume(item) { return this.kind(item.out).out; }
  size(item) { return this.volume(item).join("×"); }

  // The end of a path, without what it is inside of.
  name(item) {
    if (item.kind === "run") {
      const [first, last] = [this.data.names[item.start], this.data.names[item.stop - 1]];
      const cut = item.path ? item.path.length + 1 : 0;
      return `${first.slice(cut)} … ${last.slice(cut)}`;
    }
    let around = item.parent;
    while (around && (around.kind === "run" || around.path === item.path)) around = around.parent;
    const prefix = around && around.path ? `${around.path}.` : "";
    if (!item.path.startsWith(prefix)) return item.path;
    const name = item.path.slice(prefix.length);
    return /^\d+$/.test(name) && around.path ? `${around.path.split(".").pop()}.${name}` : name;
  }

  troubled(item) {
    for (const path of this.findings.keys()) {
      const node = this.nodeOf.get(path);
      if (node !== undefined ? item.start <= node && node < item.stop : item.path === path) return true;
    }
    return false;
  }

  // Parts that are open at first: what is written once, as long as there is room.
  unfolded(limit) {
    const open = new Set(["p0"]);
    let shown = this.children(this.root).length;
    for (let queue = [...this.root.inside], at = 0; at < queue.length; at++) {
      const part = queue[at];
      if (!this.isPlain(part)) continue;
      const more = this.opened(part).reduce((sum, one) => sum + this.children(one).length, 0);
      if (shown - 1 + more > limit) continue;
      shown += more - 1;
      this.opened(part).forEach((one) => open.add(one.id));
      queue.push(...part.inside.flatMap((one) => (one.kind === "branch" ? one.inside : [one])));
    }
    return open;
  }

  isPlain(part) {
    return (part.kind === "group" || part.kind === "merge") && !this.data.tree.blocks[part.at];
  }

  // What opens with a part: its branches, and a merge that is all there is in it.
  opened(part) {
    const branches = part.inside.filter((child) => child.kind === "branch");
    const children = this.children(part);
    const only = children.length === 1 && part.inside.length === 1 ? this.opened(part.inside[0]) : [];
    return [part, ...branches, ...only];
  }
}
