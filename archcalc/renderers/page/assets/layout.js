// Where the boxes and arrows are. A sequence is a column, a merge a row of branches above what they
// lead to; any other arrow runs in a lane beside the innermost sequence that holds both its ends.
// Across the flow positions are x, along it y; the picture of volumes swaps the two.

const ZONE = 24, TRACK = 7, LANE = 9, PAD = 12, BESIDE = 16;

// What a picture leaves free: between the parts of a sequence, and in a frame before the first of
// them and to their left, one of which has the title.
let spacing = { gap: 26, before: 24, left: 12 };

function layout(model, open, measure, chosen) {
  spacing = chosen;
  const leaves = [], sequences = [], merges = [];

  function place(item, parent) {
    if (model.isLeaf(item) || !open.has(item.id)) {
      const made = { item, parent, isLeaf: true, order: leaves.length, ...measure(item), into: 0 };
      leaves.push(made);
      return made;
    }
    if (item.kind === "merge") {
      const made = { item, parent, isMerge: true, above: 0, below: 0 };
      merges.push(made);
      const children = model.children(item);
      made.branches = children.filter((child) => child.kind === "branch")
        .map((child) => sequence(child, made, model.children(child)));
      made.tail = sequence(null, made, children.filter((child) => child.kind !== "branch"));
      return made;
    }
    return sequence(item, parent, model.children(item));
  }

  function sequence(item, parent, children) {
    const made = { item, parent, isSequence: true, lanes: new Map(), gutters: 0 };
    made.hasFrame = Boolean(item) && item.kind !== "branch" && item !== model.root;
    sequences.push(made);
    const all = item === model.root ? [model.input, ...children] : children;
    made.children = all.map((child) => place(child, made));
    made.children.forEach((child, at) => (child.at = at));
    return made;
  }

  const top = sequence(model.root, null, model.children(model.root));
  const edges = found(model, leaves);
  aside(model, sequences, edges);
  for (const edge of edges) classify(edge, merges);
  for (const edge of edges) if (!edge.way) lane(edge);
  tall(top);
  down(top, 8);
  sequences.forEach(assign);
  wide(top);
  across(top, top.left + 8);
  for (const edge of edges) edge.points = edge.way ? edge.way() : detour(edge);
  return {
    leaves, edges, frames: sequences.filter((one) => one.hasFrame),
    width: top.left + top.right + 16, height: top.height + 16,
  };
}

// Which leaves feed which.
function found(model, leaves) {
  const of = new Int32Array(model.count);
  leaves.forEach((leaf, at) => of.fill(at, leaf.item.start, leaf.item.stop));
  const edges = new Map();
  for (const target of leaves) {
    for (let node = target.item.start; node < target.item.stop; node++) {
      for (const [feeds, isSize] of [[node ? model.inputs[node] : [], false], [model.likes.get(node) || [], true]]) {
        for (const feed of feeds) {
          if (feed >= target.item.start || feed < 0) continue;
          const key = `${of[feed]} ${target.order} ${isSize}`;
          if (!edges.has(key)) edges.set(key, { source: leaves[of[feed]], target, isSize });
        }
      }
    }
  }
  return [...edges.values()];
}

// Children whose output nothing reads stand beside the column, if one before them feeds them; so do
// learned tensors, which nothing feeds, if the one behind them reads them.
function aside(model, sequences, edges) {
  const read = new Map(), fed = new Map();
  for (const edge of edges) {
    for (let at = edge.source; at.parent; at = at.parent) {
      if (within(edge.target, at)) break;
      if (!read.has(at)) read.set(at, []);
      read.get(at).push(edge);
    }
    for (let at = edge.target; at.parent; at = at.parent) {
      if (within(edge.source, at)) break;
      if (!fed.has(at)) fed.set(at, []);
      fed.get(at).push(edge);
    }
  }
  for (const sequence of sequences) {
    let before = null;
    for (const child of sequence.children) {
      const feeds = fed.get(child) || [], next = sequence.children[child.at + 1];
      const reads = read.get(child) || [];
      if (before && next && child.isLeaf && !feeds.length && reads.length === 1 && !reads[0].isSize &&
          !before.isGiven && within(reads[0].target, next) && isEntry(reads[0].target, next)) {
        child.isAside = child.isGiven = true;
        child.before = before;
        child.next = next;
        continue;
      }
      const isLast = child === sequence.children[sequence.children.length - 1];
      child.isAside = Boolean(before) && !isLast && !read.has(child) && !before.side && feeds.length > 0 &&
        feeds.every((edge) => !edge.isSize && edge.source === exit(before) && isEntry(edge.target, child));
      child.before = before;
      if (child.isAside) before.side = child;
      else before = child;
    }
  }
}

function within(leaf, ancestor) {
  for (let at = leaf; at; at = at.parent) if (at === ancestor) return true;
  return false;
}

// The leaf at which the main way leaves a part.
function exit(one) {
  while (one && !one.isLeaf) {
    if (one.isMerge) one = one.tail;
    else one = one.children.filter((child) => !child.isAside).pop();
  }
  return one;
}

// Whether a leaf is where the main way enters a part.
function isEntry(leaf, part) {
  for (let at = leaf; at !== part; at = at.parent) {
    const parent = at.parent;
    if (parent.isSequence && parent.children[0] !== at) return false;
    if (parent.isMerge && at === parent.tail) return false;
  }
  return true;
}

// Gives an edge its way if it is part of a sequence or a merge; others get a lane.
function classify(edge) {
  const { source, target } = edge;
  if (edge.isSize) return;
  const above = chain(target);
  let common = source.parent;
  while (!above.includes(common)) common = common.parent;
  const from = below(source, common), to = below(target, common);
  if (common.isMerge) {
    if (to === common.tail && from !== to && exit(from) === source && first(common.tail) === target) {
      edge.way = () => [...leaving(source, from), ["curve", common.axis, common.tail.y],
        ["line", common.axis, target.y + target.inset]];
    }
    return;
  }
  if (from.isGiven && from.next === to) {
    edge.way = () => [["line", source.axis, source.y + source.core], ["line", source.axis, to.y - 11],
      ["line", to.axis, to.y - 11], ...entering(target, to)];
    return;
  }
  if (to.before !== from || exit(from) !== source) return;
  if (to.isAside) {
    if (isEntry(target, to)) {
      edge.way = () => {
        const y = from.y + from.height + 11;
        return [["line", source.axis, source.y + source.core], ["line", source.axis, y], ["line", to.axis, y], ...entering(target, to)];
      };
    }
  } else if (isEntry(target, to)) {
    edge.way = () => [["line", source.axis, source.y + source.core], ...entering(target, to)];
  } else {
    const empty = through(target, to);
    if (empty) edge.way = () => [["line", source.axis, source.y + source.core], ...past(target, empty, to)];
  }
}

function chain(one) {
  const found = [];
  for (let at = one.parent; at; at = at.parent) found.push(at);
  return found;
}

function below(leaf, ancestor) {
  let at = leaf;
  while (at.parent !== ancestor) at = at.parent;
  return at;
}

function first(one) {
  while (one && !one.isLeaf) one = one.isSequence ? one.children[0] : null;
  return one;
}

// The merge whose empty branch leads to its layer, if the main way enters it.
function through(target, part) {
  const tail = target.parent;
  const merge = tail.parent;
  if (!merge || !merge.isMerge || tail !== merge.tail || first(tail) !== target) return null;
  const branch = merge.branches.find((one) => !one.children.length);
  if (!branch || !within(target, part)) return null;
  for (let at = merge; at !== part; at = at.parent) {
    if (at.parent.isSequence && at.parent.children[0] !== at) return null;
    if (at.parent.isMerge && at === at.parent.tail) return null;
  }
  return branch;
}

// From above a part down to the top of a leaf that the main way enters.
function entering(leaf, part) {
  const ways = [["line", leaf.axis, leaf.y + leaf.inset]];
  for (let at = leaf; at !== part; at = at.parent) {
    if (at.parent.isMerge) ways.unshift(["line", at.parent.axis, at.parent.y], ["curve", at.axis, at.parent.row]);
  }
  return ways;
}

function past(leaf, branch, part) {
  const merge = branch.parent;
  const ways = [
    ["line", merge.axis, merge.y], ["curve", branch.axis, merge.row], ["line", branch.axis, merge.foot],
    ["curve", merge.axis, merge.tail.y], ["line", leaf.axis, leaf.y + leaf.inset],
  ];
  for (let at = merge; at !== part; at = at.parent) {
    if (at.parent.isMerge) ways.unshift(["line", at.parent.axis, at.parent.y], ["curve", at.axis, at.parent.row]);
  }
  return ways;
}

// From the foot of the last leaf of a branch to where the branches come together.
function leaving(leaf, branch) {
  return [["line", leaf.axis, leaf.y + leaf.core], ["line", branch.axis, branch.parent.foot]];
}

// A lane beside the innermost common sequence, and the gutters and tracks that lead there.
function lane(edge) {
  const { source, target } = edge;
  const above = chain(target);
  let common = source.parent;
  while (!above.includes(common) || !common.isSequence) common = common.parent;
  edge.common = common;
  if (!common.lanes.has(source)) {
    common.lanes.set(source, { source, targets: [], out: escape(source, common, "below") });
  }
  const made = common.lanes.get(source);
  made.targets.push(target);
  edge.lane = made;
  edge.in = escape(target, common, "above");
  edge.rank = target.into++;
}

// Each merge on the way out of a part takes a place in the gutter of a branch and a track.
function escape(leaf, common, side) {
  const ways = [];
  for (let at = leaf; at.parent !== common; at = at.parent) {
    const merge = at.parent;
    if (merge.isMerge && at !== merge.tail) ways.push({ branch: at, gutter: at.gutters++, merge, track: merge[side]++ });
  }
  return ways;
}

function tall(one) {
  if (one.isLeaf) return one.height;
  if (one.isMerge) {
    const row = Math.max(...one.branches.map(tall), 0);
    one.head = ZONE + one.above * TRACK;
    one.rows = row;
    one.height = one.head + row + ZONE + one.below * TRACK + tall(one.tail);
    return one.height;
  }
  let y = one.hasFrame ? spacing.before : 0, beside = 0, isFirst = true;
  for (const child of one.children) {
    const height = tall(child);
    if (child.isGiven) {
      child.dy = Math.max(beside && beside + spacing.gap, y - height);
      beside = y = Math.max(y, child.dy + height);
      continue;
    }
    if (child.isAside) {
      child.dy = y + spacing.gap;
      beside = child.dy + height;
      continue;
    }
    if (!isFirst) y += spacing.gap;
    if (child.side) y = Math.max(y, beside);
    child.dy = y;
    y += height;
    isFirst = false;
  }
  one.height = Math.max(y, beside) + (one.hasFrame ? PAD : 0);
  return one.height;
}

function down(one, y) {
  one.y = y;
  if (one.isMerge) {
    one.row = y + one.head;
    one.foot = one.row + one.rows;
    one.branches.forEach((branch) => down(branch, one.row));
    down(one.tail, y + one.height - one.tail.height);
  } else if (one.isSequence) {
    one.children.forEach((child) => down(child, y + child.dy));
  }
}

const outY = (leaf) => leaf.y + leaf.height * 0.36;
const inY = (leaf, rank) => leaf.y + leaf.height * (0.52 + 0.4 * (rank + 0.5) / Math.max(1, leaf.into));

// Short lanes are inside, long ones around them; those that do not meet share a place.
function assign(one) {
  const lanes = [...one.lanes.values()];
  for (const made of lanes) {
    made.from = outY(made.source);
    made.until = Math.max(...made.targets.map((target) => target.y + target.height));
  }
  lanes.sort((a, b) => a.until - a.from - (b.until - b.from) || a.from - b.from);
  one.width = 0;
  const placed = [];
  for (const made of lanes) {
    const meets = placed.filter((other) => other.from <= made.until && made.from <= other.until);
    const around = meets.filter((other) => made.from <= other.from && other.until <= made.until);
    made.place = Math.max(0, ...around.map((other) => other.place + 1));
    while (meets.some((other) => other.place === made.place)) made.place++;
    placed.push(made);
    one.width = Math.max(one.width, made.place + 1);
  }
}

// How far each part reaches to both sides of its axis.
function wide(one) {
  if (one.isLeaf) return;
  if (one.isMerge) {
    one.branches.forEach(wide);
    wide(one.tail);
    let x = 0;
    for (const branch of one.branches) {
      branch.dx = x + branch.left;
      x += branch.left + branch.right + BESIDE;
    }
    const full = one.branches.filter((branch) => branch.children.length);
    one.middle = full.length === 1 ? full[0].dx : (x - BESIDE) / 2;
    one.left = Math.max(one.middle, one.tail.left);
    one.right = Math.max(x - BESIDE - one.middle, one.tail.right);
    return;
  }
  one.children.forEach(wide);
  const main = one.children.filter((child) => !child.isAside);
  const sides = one.children.filter((child) => child.isAside);
  one.left = Math.max(4, ...main.map((child) => child.left));
  one.right = Math.max(4, ...main.map((child) => child.right));
  for (const side of sides) side.dx = -(one.left + BESIDE + side.right);
  one.left += Math.max(0, ...sides.map((side) => BESIDE + side.left + side.right));
  one.edge = one.right;
  one.right += one.width ? one.width * LANE + 6 : 0;
  if (one.hasFrame) {
    one.left = Math.max(one.left + spacing.left, 30);
    one.right = Math.max(one.right + PAD, 30);
  }
  one.rim = one.right;
  one.right += one.gutters ? one.gutters * TRACK + 6 : 0;
}

function across(one, axis) {
  one.axis = axis;
  if (one.isMerge) {
    one.branches.forEach((branch) => across(branch, axis - one.middle + branch.dx));
    across(one.tail, axis);
  } else if (one.isSequence) {
    one.children.forEach((child) => across(child, child.isAside ? axis + child.dx : axis));
  }
}

// The way of an edge in a lane: out of the source, down the lane, into the target.
function detour(edge) {
  const { source, target, common, lane } = edge;
  const x = common.axis + common.edge + 8 + lane.place * LANE;
  const start = outY(source), end = inY(target, edge.rank);
  const points = [["line", source.axis + source.right, start]];
  let y = start;
  for (const way of lane.out) {
    const gutter = way.branch.axis + way.branch.rim + 6 + way.gutter * TRACK;
    const track = way.merge.foot + 8 + way.track * TRACK;
    points.push(["line", gutter, y], ["line", gutter, track]);
    y = track;
  }
  points.push(["line", x, y]);
  const back = [];
  y = end;
  for (const way of edge.in) {
    const gutter = way.branch.axis + way.branch.rim + 6 + way.gutter * TRACK;
    const track = way.merge.y + 8 + way.track * TRACK;
    back.unshift(["line", gutter, track], ["line", gutter, y]);
    y = track;
  }
  return [...points, ["line", x, y], ...back, ["line", target.axis + target.right, end]];
}

// Points as a path with rounded corners; swapped, it runs to the right.
function route(points, isSwapped) {
  const put = (x, y) => (isSwapped ? `${round(y)} ${round(x)}` : `${round(x)} ${round(y)}`);
  const clean = points.filter((point, at) => !at || point[1] !== points[at - 1][1] || point[2] !== points[at - 1][2]);
  let path = `M${put(clean[0][1], clean[0][2])}`;
  for (let at = 1; at < clean.length; at++) {
    const [kind, x, y] = clean[at], [, fromX, fromY] = clean[at - 1], next = clean[at + 1];
    if (kind === "curve") {
      const middle = (fromY + y) / 2;
      path += `C${put(fromX, middle)} ${put(x, middle)} ${put(x, y)}`;
    } else if (next && next[0] === "line" && (fromX === x) !== (x === next[1])) {
      const far = (a, b) => Math.max(-6, Math.min(6, (b - a) / 2));
      path += `L${put(x - far(fromX, x), y - far(fromY, y))}Q${put(x, y)} ${put(x + far(x, next[1]), y + far(y, next[2]))}`;
    } else {
      path += `L${put(x, y)}`;
    }
  }
  return path;
}
