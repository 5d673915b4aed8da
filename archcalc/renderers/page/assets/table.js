// The table: it folds as the picture does, sorts, and filters by name or type.

const ROWS = 400;
const COLUMNS = [
  { name: "layer", text: (model, item) => item.path },
  { name: "type", text: (model, item) => model.type(item) },
  { name: "output", amount: (model, item) => model.volume(item).reduce((product, size) => product * size, 1) },
  { name: "params", quantity: "params" },
  { name: "MACs", quantity: "macs" },
  { name: "act. bytes", quantity: "bytes" },
  { name: "field", amount: (model, item) => parseFloat(model.field(item.out).text) || (model.field(item.out).all ? Infinity : -1) },
];

class Table {
  constructor(model, state, actions) {
    this.model = model;
    this.state = state;
    this.actions = actions;
    this.limit = ROWS;
  }

  rows() {
    const { model, state } = this, found = [];
    const wanted = state.filter.trim().toLowerCase();
    if (wanted || state.sort) {
      for (let node = 1; node < model.count; node++) {
        const kind = model.kind(node);
        const text = `${model.data.names[node]} ${kind.type} ${kind.activation || ""}`;
        if (!wanted || text.toLowerCase().includes(wanted)) found.push([model.layer(node, null), 0]);
      }
      if (state.sort) this.sort(found);
      return found;
    }
    const visit = (item, depth) => {
      if (item.kind === "branch") {
        model.children(item).forEach((child) => visit(child, depth));
        return;
      }
      found.push([item, depth]);
      if (!model.isLeaf(item) && state.open.has(item.id)) model.children(item).forEach((child) => visit(child, depth + 1));
    };
    model.children(model.root).forEach((child) => visit(child, 0));
    return found;
  }

  sort(found) {
    const { model, state } = this, column = COLUMNS[state.sort.column], sign = state.sort.isUp ? 1 : -1;
    const value = column.text
      || (column.quantity ? (_, item) => BigInt(model.sum(item, column.quantity)) : column.amount);
    const keyed = found.map((row) => [value(model, row[0]), row]);
    keyed.sort(([a], [b]) => (a < b ? -sign : a > b ? sign : 0));
    keyed.forEach(([, row], at) => (found[at] = row));
  }

  render() {
    const { model, state } = this, rows = this.rows(), shown = rows.slice(0, this.limit);
    const most = new Map(COLUMNS.filter((column) => column.quantity).map(({ quantity }) =>
      [quantity, Math.max(1, ...shown.filter(([item]) => !this.isOpen(item)).map(([item]) => Number(model.sum(item, quantity))))]));
    const gone = this.isPlain ? this.removed(null) : [];
    const body = el("tbody", null, gone, shown.map(([item, depth]) =>
      [this.row(item, depth, most), this.isPlain && !this.isOpen(item) ? this.removed(item) : null]));
    const totals = model.data.totals;
    const left = rows.length - shown.length;
    return [
      el("table", { class: "layers" },
        el("caption", { class: "unseen" }, "Layers"),
        el("thead", null, el("tr", null, COLUMNS.map((column, at) => this.heading(column, at)))),
        body,
        el("tfoot", null, el("tr", null, el("th", { scope: "row", colspan: 3 }, "network"),
          ["params", "macs"].map((name) => el("td", { class: "number" }, digits(totals[name]))),
          el("td", { class: "number", title: "with the input" }, digits(totals.bytes)), el("td")))),
      left ? el("p", { class: "more" }, `${digits(left)} more rows `,
        el("button", { type: "button", click: () => { this.limit *= 4; this.actions.refresh(); } }, "show more")) : null,
      rows.length ? null : el("p", { class: "more" }, "no layer has that in its name or type"),
    ];
  }

  get isPlain() { return Boolean(this.model.gone) && !this.state.filter && !this.state.sort; }

  // The rows that were after one, or after the last of a folded one, and are gone.
  removed(item) {
    const names = item ? this.model.data.names.slice(item.start, item.stop) : [null];
    return names.flatMap((name) => this.model.gone.get(name) || []).map(([path, type, size, params, macs, bytes]) =>
      el("tr", { class: "removed" }, el("th", { scope: "row" }, el("span", { class: "fold" }), el("del", null, path)),
        el("td", { class: "type" }, type), el("td", { class: "number" }, times(size)),
        [params, macs, bytes].map((value) => el("td", { class: "number" }, digits(value))), el("td")));
  }

  heading(column, at) {
    const sort = this.state.sort && this.state.sort.column === at ? this.state.sort : null;
    return el("th", {
      scope: "col", class: column.text ? null : "number",
      "aria-sort": sort ? (sort.isUp ? "ascending" : "descending") : null,
    }, el("button", { type: "button", "data-column": at, click: () => this.actions.sort(at) },
      column.name, el("span", { class: "sorted", "aria-hidden": "true" }, sort ? (sort.isUp ? " ▴" : " ▾") : "")));
  }

  isOpen(item) {
    return !this.model.isLeaf(item) && this.state.open.has(item.id) && !this.state.filter && !this.state.sort;
  }

  row(item, depth, most) {
    const { model, state } = this, isGroup = !model.isLeaf(item), isOpen = this.isOpen(item);
    const name = item.parent === null ? item.path : model.name(item);
    const field = model.field(item.out);
    const mark = model.mark(item);
    const cell = el("th", { scope: "row" },
      isGroup ? el("button", {
        type: "button", class: "fold", "aria-expanded": String(isOpen), "aria-label": `${isOpen ? "fold" : "unfold"} ${name}`,
        click: () => this.actions.toggle(item),
      }, isOpen ? "▾" : "▸") : el("span", { class: "fold" }),
      el("button", { type: "button", class: "pick", "data-id": item.id, title: item.path, click: () => this.actions.select(item) }, name),
      model.troubled(item) ? el("span", { class: "trouble", title: "a finding" }, " !") : null);
    cell.style.paddingLeft = `${6 + 14 * Math.min(depth, 12)}px`;
    const row = el("tr", {
      class: `${isGroup ? "group" : ""}${state.isChosen && state.selected.id === item.id ? " selected" : ""}${mark ? ` ${mark}` : ""}`,
      "data-row": item.id,
    }, cell,
    el("td", { class: "type" }, isGroup ? item.what : model.type(item)),
    el("td", { class: "number" }, model.size(item)),
    COLUMNS.filter((column) => column.quantity).map(({ quantity }) => {
      const value = model.sum(item, quantity), made = el("td", { class: "number" }, el("span", null, digits(value)));
      if (!isOpen && value) {
        const bar = el("span", { class: "bar", "aria-hidden": "true" });
        bar.style.width = `${round(100 * Number(value) / most.get(quantity))}%`;
        made.prepend(bar);
      }
      return made;
    }),
    el("td", { class: "number" }, times(field.text)));
    return row;
  }
}
