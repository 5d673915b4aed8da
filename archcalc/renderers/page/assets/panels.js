// What is said about the selected layer: arithmetic, receptive field, windows, memory, source.

const PANELS = [
  ["arithmetic", "Arithmetic"], ["field", "Receptive field"], ["windows", "Windows"],
  ["memory", "Memory over time"], ["source", "Source"],
];

const chosen = { isChosen: false, positions: new Map(), memory: "inference" };

function arithmetic(model, item) {
  const { data } = model;
  if (item.kind === "input") return [el("p", null, `The input, ${model.size(item)}: nothing is calculated.`)];
  const changes = model.changes ? model.changes.get(data.names[item.out]) : null;
  const became = changes ? [sums("What has changed", changes.map(([name, before, after]) => [name, `${before} → ${after}`]))] : [];
  if (!data.explained) return [...became, typeof asked === "function" ? asked(data.names[item.out]) : el("p", null, data.unexplained)];
  return [...became, ...data.explained[item.out - 1].map((place) => {
    const [title, lines] = data.sections[place];
    return sums(data.words[title], lines.map((line) => data.said[line].map((word) => data.words[word])));
  })];
}

const sums = (title, facts) => el("section", { class: "sums" }, title ? el("h3", null, title) : null,
  el("dl", null, facts.map(([label, fact]) => [el("dt", null, label), el("dd", null, fact)])));

// The first and last position that an output of an axis sees; null where it reads nothing.
function seen([step, spans], output) {
  const period = BigInt(spans.length), at = BigInt(output);
  const span = spans[Number(at % period)];
  if (!span) return null;
  const by = (at / period) * BigInt(step);
  return span.map((end) => BigInt(end) + by);
}

function field(model, item, refresh) {
  const { data } = model, found = model.field(item.out), sizes = data.sizes, axes = data.axes;
  if (!sizes.length) return [el("p", null, "The input has no positions.")];
  if (!found.axes) {
    const fact = found.all ? "Every output sees the whole input."
      : found.text ? `Its field is ${times(found.text)}; the positions repeat too rarely to be drawn.` : "It does not depend on the input.";
    return [el("p", null, fact)];
  }
  const out = model.volume(item).slice(0, -1);
  const outputs = sizes.map((_, axis) => (out.length === sizes.length ? out[axis] : 1));
  const kept = chosen.positions.get(item.path) || [];
  const at = outputs.map((size, axis) => Math.min(kept[axis] ?? Math.floor((size - 1) / 2), size - 1));
  const spans = found.axes.map((axis, place) => seen(axis, at[place]));
  const next = found.axes.map((axis, place) => (at[place] + 1 < outputs[place] ? seen(axis, at[place] + 1) : null));
  const move = (axis, value) => {
    at[axis] = Math.max(0, Math.min(outputs[axis] - 1, value));
    chosen.positions.set(item.path, at);
    refresh();
  };
  const words = spans.map((span, axis) => (span ? `${plural(axes[axis])} ${span[0]} to ${span[1]}` : `no ${plural(axes[axis])}`));
  const steps = next.map((span, axis) => (span && spans[axis] ? String(span[0] - spans[axis][0]) : null)).filter(Boolean);
  const stepped = steps.length ? `; the next output moves by ${new Set(steps).size === 1 ? steps[0] : steps.join(" and ")}` : "";
  const sentence = `Output (${at.join(", ")}) sees ${words.join(", ")} of the input${stepped}.`
    + (found.all ? " Beside that, every output sees the whole input." : "")
    + (found.unaligned ? " Paths with other strides or centres meet here: this is their union." : "");
  const controls = el("div", { class: "sliders" }, outputs.map((size, axis) => (size > 1 ? el("label", null,
    el("span", null, plural(axes[axis]).replace(/s$/, "")),
    el("input", {
      type: "range", min: 0, max: size - 1, value: at[axis], "data-axis": axis,
      input: (event) => move(axis, Number(event.target.value)),
    })) : null)));
  const flat = sizes.length === 1 ? [[1, outputs[0]], [1, sizes[0]]] : [outputs.slice(-2), sizes.slice(-2)];
  const lift = (list) => (sizes.length === 1 ? [[0n, 0n], list[0]] : list.slice(-2));
  const here = sizes.length === 1 ? [0, at[0]] : at.slice(-2);
  return [
    el("p", { "aria-live": "polite" }, sentence),
    sizes.length === 3 ? el("p", { class: "quiet" }, "The planes are those of height and width.") : null,
    el("div", { class: "fields" },
      el("figure", null, el("figcaption", null, `output ${outputs.join("×")}`),
        plane(flat[0], 190, [{ kind: "here", span: here.map((one) => [BigInt(one), BigInt(one)]) }],
          (row, column) => {
            if (sizes.length > 1) at[sizes.length - 2] = row;
            move(sizes.length - 1, column);
          }), controls),
      el("figure", null, el("figcaption", null, `input ${sizes.join("×")}`),
        plane(flat[1], 300, [{ kind: "sees", span: lift(spans) }, { kind: "next", span: lift(next) }]))),
  ];
}

const plural = (axis) => ({ height: "rows", width: "columns", depth: "slices", length: "positions" })[axis] || axis;

// A plane with rectangles on it, in which positions beyond its edges are drawn up to them.
function plane([tall, wide], room, marks, pick) {
  const unit = room / Math.max(tall, wide), height = Math.max(16, tall * unit), width = Math.max(16, wide * unit);
  const image = draw("svg", {
    class: "plane", width: round(width + 2), height: round(height + 2), viewBox: `-1 -1 ${round(width + 2)} ${round(height + 2)}`,
    "aria-hidden": "true",
  }, draw("rect", { class: "ground", width: round(width), height: round(height) }));
  const step = unit >= 5 ? unit : unit * Math.pow(2, Math.ceil(Math.log2(16 / unit)));
  let lines = "";
  for (let x = step; x < width - 1; x += step) lines += `M${round(x)} 0V${round(height)}`;
  for (let y = step; y < height - 1; y += step) lines += `M0 ${round(y)}H${round(width)}`;
  image.append(draw("path", { class: "grid", d: lines }));
  for (const { kind, span } of marks) {
    if (span.some((one) => !one)) continue;
    const [[top, bottom], [left, right]] = span.map((ends) => ends.map(Number));
    const [x, y] = [Math.max(0, left), Math.max(0, top)];
    const [w, h] = [Math.min(wide - 1, right) - x + 1, Math.min(tall - 1, bottom) - y + 1];
    if (w > 0 && h > 0) {
      image.append(draw("rect", {
        class: kind, x: round(x * unit), y: round(y * unit), width: round(Math.max(3, w * (width / wide))), height: round(Math.max(3, h * (height / tall))),
      }));
    }
  }
  if (pick) {
    const choose = (event) => {
      if (event.type === "pointermove" && !event.buttons) return;
      const place = image.getBoundingClientRect();
      pick(Math.floor(((event.clientY - place.top) / place.height) * tall), Math.floor(((event.clientX - place.left) / place.width) * wide));
    };
    image.addEventListener("pointerdown", choose);
    image.addEventListener("pointermove", choose);
    image.classList.add("picks");
  }
  return image;
}

const CELLS = 72;

function windows(model, item) {
  const kind = model.kind(item.out);
  if (!kind.windows) return [el("p", null, `${item.path}: no window slides over its input.`)];
  const axes = kind.windows.map(([name, ...rest]) => ({ name, rest, key: rest.join() }));
  const same = [];
  for (const axis of axes) {
    const like = same.find((other) => other.key === axis.key);
    if (like) like.name += ` and ${axis.name}`;
    else same.push({ ...axis });
  }
  const planes = axes.length === 2 && axes.every(({ rest }) => rest[0] + rest[3] + rest[4] <= 34)
    ? [el("h3", null, "How many windows read each position"), counts(axes[0].rest, axes[1].rest)] : [];
  return [...same.map(({ name, rest }) => strip(name, rest)), ...planes];
}

const reads = ([, kernel, stride, before, , dilation], output) =>
  Array.from({ length: kernel }, (_, place) => output * stride - before + place * dilation);

function unread([size, , , , after, , , missed, input, overhang]) {
  if (overhang) return `the last window hangs over the end by ${overhang}`;
  if (!missed) return "every position up to the end is within reach";
  const last = (count, noun) => (count === 1 ? `the last ${noun}` : `the last ${digits(count)} ${noun}s`);
  return `no window reaches ${input ? last(input, "position") : last(missed, "position")} of the ${input ? "input" : "padding"}`;
}

function strip(name, rest) {
  const [size, kernel, stride, before, after, dilation, output, , , overhang, formula] = rest;
  const first = -before, last = size + after + overhang - 1, all = last - first + 1;
  const head = all <= CELLS ? all : CELLS / 2, cell = 20;
  const place = (position) => {
    const at = position - first;
    if (at < head) return at;
    return all <= CELLS || all - at <= CELLS / 2 ? at - Math.max(0, all - CELLS) + (all > CELLS ? 2 : 0) : null;
  };
  const reach = first + (output - 1) * stride + dilation * (kernel - 1);
  const image = draw("svg", { class: "strip", role: "img", "aria-label": `${name}: ${output} windows of ${kernel}` });
  for (let position = first; position <= last; position++) {
    const at = place(position);
    if (at === null) {
      image.append(draw("text", { x: (head + 0.6) * cell, y: 28 }, "…"));
      position = last - CELLS / 2;
      continue;
    }
    const isInput = position >= 0 && position < size;
    const isMissed = position > reach && position < size + after;
    image.append(draw("rect", {
      class: `${isInput ? "cell" : "cell pad"}${isMissed ? " missed" : ""}`, x: at * cell + 1, y: 16, width: cell - 2, height: 16,
    }));
    if (isInput && (size <= 100 || position % 5 === 0)) {
      image.append(draw("text", { class: "tick", x: at * cell + cell / 2, y: 11, "text-anchor": "middle" }, String(position)));
    }
  }
  const rows = Math.min(6, Math.ceil((dilation * (kernel - 1) + 1) / stride) + 1);
  const shows = [...Array(Math.min(output, CELLS)).keys()];
  if (output > CELLS) for (let window = output - CELLS; window < output; window++) shows.push(window);
  for (const window of new Set(shows)) {
    const parts = reads(rest, window).map(place);
    if (parts.some((part) => part === null)) continue;
    const y = 37 + (window % rows) * 7;
    image.append(draw("rect", { class: `span w${window % 2}`, x: parts[0] * cell + 1, y: y + 2, width: (parts[parts.length - 1] - parts[0] + 1) * cell - 2, height: 1.5 }));
    for (const part of parts) image.append(draw("rect", { class: `window w${window % 2}`, x: part * cell + 1, y, width: cell - 2, height: 5 }));
  }
  const width = Math.min(all, CELLS + 2) * cell, height = 44 + rows * 7;
  image.setAttribute("viewBox", `0 0 ${width} ${height}`);
  image.setAttribute("width", width);
  image.setAttribute("height", height);
  const padding = before === after ? `padding ${before}` : `padding ${before} and ${after}`;
  const dilated = dilation > 1 ? `, dilation ${dilation}` : "";
  return el("section", null,
    el("p", null, el("b", null, name), `: ${digits(output)} windows of ${kernel}, stride ${stride}, ${padding}${dilated}; ${unread(rest)}`),
    el("p", { class: "quiet" }, formula),
    el("div", { class: "wide", tabindex: 0, role: "group", "aria-label": `windows along the ${name}` }, image));
}

// A plane of numbers: how many windows read each position, which is the product of both axes.
function counts(rows, columns) {
  const tally = ([size, ...rest]) => {
    const found = new Map();
    for (let window = 0; window < rest[5]; window++) {
      for (const at of reads([size, ...rest], window)) found.set(at, (found.get(at) || 0) + 1);
    }
    return Array.from({ length: size + rest[2] + rest[3] }, (_, at) => found.get(at - rest[2]) || 0);
  };
  const [down, along] = [tally(rows), tally(columns)], most = Math.max(1, ...down) * Math.max(1, ...along);
  const cell = 22, image = draw("svg", {
    class: "counts", role: "img", width: along.length * cell, height: down.length * cell,
    viewBox: `0 0 ${along.length * cell} ${down.length * cell}`,
    "aria-label": "how many windows read each position",
  });
  down.forEach((first, y) => along.forEach((second, x) => {
    const count = first * second;
    const isPad = y < rows[3] || y >= rows[3] + rows[0] || x < columns[3] || x >= columns[3] + columns[0];
    image.append(draw("rect", {
      class: `cell s${count ? Math.ceil((8 * count) / most) : 0}${isPad ? " pad" : ""}${count || isPad ? "" : " missed"}`,
      x: x * cell + 1, y: y * cell + 1, width: cell - 2, height: cell - 2,
    }), draw("text", { class: "tick", x: x * cell + cell / 2, y: y * cell + 15, "text-anchor": "middle" }, String(count)));
  }));
  return el("div", { class: "wide", tabindex: 0, role: "group", "aria-label": "a plane of numbers" }, image);
}

const CHART = { width: 640, height: 260, left: 62, right: 8, top: 26, bottom: 24 };

function memory(model, item, refresh) {
  const { data } = model, choose = (value) => { chosen.memory = value; refresh(); };
  const choices = [["inference", "inference"], ["training", "a step of training"]];
  const control = el("fieldset", { class: "choice" }, el("legend", { class: "unseen" }, "memory of"), choices.map(([value, label]) =>
    el("label", null, el("input", {
      type: "radio", name: "memory", value, checked: chosen.memory === value, disabled: value === "training" && !data.training,
      change: () => choose(value),
    }), label)));
  const isTraining = chosen.memory === "training" && data.training;
  return [control, ...(isTraining ? trained(model) : alive(model, item))];
}

function chart(most, marks, label) {
  const { width, height, left, right, top, bottom } = CHART;
  const y = (bytes) => top + (height - top - bottom) * (1 - bytes / most);
  const image = draw("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  for (let tick = 0; tick <= 4; tick++) {
    const bytes = (most * tick) / 4;
    image.append(draw("path", { class: "grid", d: `M${left} ${round(y(bytes))}H${width - right}` }),
      draw("text", { x: left - 5, y: round(y(bytes) + 4), "text-anchor": "end" }, `${short(bytes)}B`));
  }
  marks(image, y, (share) => left + (width - left - right) * share);
  return image;
}

// Volumes stacked at each node that runs: those that outlive others stand at the bottom.
function stacked(lives) {
  const count = lives.nodes.length, long = new Array(count).fill(false);
  let soonest = Infinity;
  for (let at = count - 1; at >= 0;) {
    let start = at;
    while (start > 0 && lives.nodes[start - 1] === lives.nodes[at]) start--;
    for (let one = start; one <= at; one++) long[one] = soonest < lives.until[one];
    for (let one = start; one <= at; one++) soonest = Math.min(soonest, lives.until[one]);
    at = start - 1;
  }
  return long;
}

function alive(model, item) {
  const { data } = model, { lives } = data, last = model.count - 1, nodes = Math.max(1, last);
  const bytes = lives.bytes.map(Number), long = stacked(lives);
  const peak = Number(data.totals.peak) || 1, name = data.totals.peak_layer;
  const byStart = new Map();
  lives.nodes.forEach((node, at) => (byStart.has(node) ? byStart.get(node).push(at) : byStart.set(node, [at])));
  const label = `memory over time: the peak is ${digits(data.totals.peak)} bytes at ${name}`;
  const image = chart(peak, (into, y, x) => {
    let living = [], open = new Map();
    const flush = (at, until) => {
      const [from, floor] = open.get(at), top = y(floor + bytes[at]);
      into.append(draw("rect", {
        class: `${long[at] ? "long" : lives.nodes[at] % 2 ? "odd" : "even"}${chosen.isChosen && lives.nodes[at] === item.out ? " it" : ""}`,
        x: round(x(from / nodes)), y: round(top), width: Math.max(0.4, round(x(until / nodes) - x(from / nodes))),
        height: Math.max(0.2, round(y(floor) - top)),
      }, draw("title", null, `${data.names[lives.nodes[at]]}: ${digits(lives.bytes[at])} bytes`)));
      open.delete(at);
    };
    if (last > 2500) {
      coarse(into, lives, bytes, last, y, x);
    } else {
      for (let node = 0; node <= last; node++) {
        living = living.filter((at) => lives.until[at] >= node).concat(byStart.get(node) || []);
        if (!node) continue;
        const order = [...living.filter((at) => long[at]), ...living.filter((at) => !long[at])];
        let floor = 0;
        const now = new Map();
        for (const at of order) {
          now.set(at, floor);
          floor += bytes[at];
        }
        for (const [at, [, height]] of [...open]) if (now.get(at) !== height) flush(at, node - 1);
        for (const [at, height] of now) if (!open.has(at)) open.set(at, [node - 1, height]);
      }
      for (const at of [...open.keys()]) flush(at, last);
    }
    const where = x((lives.at - 0.5) / nodes), isLate = lives.at > nodes * 0.6;
    into.append(draw("path", { class: "peak", d: `M${round(where)} ${CHART.top - 8}V${CHART.height - CHART.bottom}` }),
      draw("text", { class: "peak", x: round(where + (isLate ? -4 : 4)), y: 14, "text-anchor": isLate ? "end" : "start" },
        `peak ${digits(data.totals.peak)} bytes at ${name}`));
    for (const share of [0.02, 0.35, 0.68, 0.99]) {
      const node = Math.min(last, 1 + Math.floor(share * nodes)), text = data.names[node] || "";
      into.append(draw("text", {
        x: round(x((node - 0.5) / nodes)), y: CHART.height - 8, "text-anchor": share < 0.1 ? "start" : share > 0.9 ? "end" : "middle",
      }, text.length > 22 ? `…${text.slice(-21)}` : text));
    }
  }, label);
  const held = lives.nodes.map((_, at) => at).filter((at) => lives.nodes[at] <= lives.at && lives.until[at] >= lives.at)
    .sort((a, b) => bytes[b] - bytes[a]).slice(0, 4).map((at) => `${data.names[lives.nodes[at]]} ${short(bytes[at])}B`);
  const several = long.filter(Boolean).length;
  return [image, el("p", null, `${digits(lives.nodes.length)} volumes; `,
    several ? [el("b", { class: "long" }, digits(several)), " of them outlive later ones, as skip connections do. "] : "none outlives a later one. ",
    `At the peak: ${held.join(", ")}.`)];
}

// So many layers that only the most of each of 400 parts can be drawn.
function coarse(into, lives, bytes, last, y, x) {
  const change = new Float64Array(last + 2);
  lives.nodes.forEach((node, at) => {
    change[node] += bytes[at];
    change[Math.min(last, lives.until[at]) + 1] -= bytes[at];
  });
  const bins = new Float64Array(400);
  for (let node = 0, sum = 0; node <= last; node++) {
    sum += change[node];
    const bin = Math.floor((node * 400) / (last + 1));
    if (node) bins[bin] = Math.max(bins[bin], sum);
  }
  bins.forEach((most, bin) => into.append(draw("rect", {
    class: "even", x: round(x(bin / 400)), y: round(y(most)), width: round(x(1 / 400) - x(0)) + 0.3, height: round(y(0) - y(most)),
  })));
}

const BANDS = ["parameters, state, input", "gradients", "kept for the backward pass", "outputs and temporaries"];

function trained(model) {
  const { training } = model.data, count = training.bytes.length, peak = Number(training.peak) || 1;
  const label = `memory over a step of training: the peak is ${digits(training.peak)} bytes, ${training.where}`;
  const image = chart(peak, (into, y, x) => {
    const tops = training.bytes.map((bytes, at) => {
      const fixed = Number(training.fixed), gradients = Number(training.gradients[at]), kept = Number(training.kept[at]);
      return [fixed, fixed + gradients, fixed + gradients + kept, Number(bytes)];
    });
    for (let band = 3; band >= 0; band--) {
      let path = `M${x(0)} ${round(y(0))}`;
      tops.forEach((top, at) => (path += `V${round(y(top[band]))}H${round(x((at + 1) / count))}`));
      into.append(draw("path", { class: `band b${band}`, d: `${path}V${round(y(0))}Z` }));
    }
    let highest = 0;
    training.bytes.forEach((bytes, at) => { if (Number(bytes) > Number(training.bytes[highest])) highest = at; });
    const isLate = highest > count * 0.5, where = x((highest + 0.5) / count);
    into.append(draw("path", { class: "peak", d: `M${round(where)} ${CHART.top - 8}V${CHART.height - CHART.bottom}` }),
      draw("text", { class: "peak", x: round(where + (isLate ? -4 : 4)), y: 14, "text-anchor": isLate ? "end" : "start" }, `peak ${digits(training.peak)} bytes, ${training.where}`));
    for (const phase of new Set(training.phases)) {
      const start = training.phases.indexOf(phase);
      into.append(draw("text", { x: round(Math.min(x(start / count), CHART.width - 56)), y: CHART.height - 8 }, phase));
    }
  }, label);
  return [image,
    el("ul", { class: "legend" }, BANDS.map((name, at) => el("li", null, el("span", { class: `swatch b${at}` }), name))),
    el("p", null, `Batch ${digits(training.batch)}, ${training.conditions}. At the peak: `
      + `${training.items.map(([what, bytes]) => `${what} ${short(bytes)}B`).join(", ")}.`)];
}

function source(model, item, pick) {
  const { data } = model;
  const below = new Map();
  const said = (finding) => el("div", { class: `finding ${finding.allowed === null ? finding.severity : "allowed"}` },
    el("b", null, `${finding.allowed === null ? finding.severity : "allowed"} ${finding.rule}`),
    `: ${finding.layer ? `${finding.layer}: ` : ""}${finding.message}${finding.copies > 1 ? ` (and ${digits(finding.copies - 1)} more like it)` : ""}`,
    finding.hints.map((hint) => el("div", { class: "hint" }, hint)));
  const loose = data.source === null || !data.source ? data.findings : data.findings.filter((finding) => !finding.line);
  for (const finding of data.findings) {
    if (finding.line) below.set(finding.line, [...(below.get(finding.line) || []), finding]);
  }
  const found = loose.map(said);
  if (data.source === null) return [el("p", null, `${data.unshown}.`), ...found];
  if (!data.source) return [el("p", null, "There is no file: the network was built in Python."), ...found];
  const first = new Map();
  data.lines.forEach((line, node) => { if (line && !first.has(line)) first.set(line, node); });
  const lines = data.source.replace(/\n$/, "").split("\n");
  return [...found, el("ol", { class: "source" }, lines.map((text, at) => {
    const number = at + 1, isIt = item.line === number || data.lines[item.out] === number;
    return el("li", { class: isIt ? "it" : null },
      first.has(number) ? el("button", { type: "button", class: "line", "aria-label": `line ${number}: select ${data.names[first.get(number)]}`, click: () => pick(first.get(number)) }, String(number))
        : el("span", { class: "line", "aria-hidden": "true" }, String(number)),
      el("code", null, text || " "), (below.get(number) || []).map(said));
  }))];
}
