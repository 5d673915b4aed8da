// What is wrong with a picture: boxes that overlap, arrows that cross a box, text that sticks out.
() => {
  const wrong = [];
  const image = document.querySelector("svg.graph");
  if (!image) return [`no picture: ${document.querySelector("#canvas").textContent}`];
  const boxes = [...image.querySelectorAll(".box")].map((box) => {
    const body = (box.querySelector(".body") || box.querySelector(".volume")).getBBox();
    return {
      name: box.getAttribute("aria-label").split(",")[0],
      body,
      whole: box.querySelector(".body") ? body : box.querySelector(".handle").getBBox(),
    };
  });
  const meet = (a, b) =>
    a.x < b.x + b.width - 1 && b.x < a.x + a.width - 1 && a.y < b.y + b.height - 1 && b.y < a.y + a.height - 1;
  boxes.forEach((one, at) => {
    for (const other of boxes.slice(at + 1)) {
      if (meet(one.whole, other.whole)) wrong.push(`${one.name} overlaps ${other.name}`);
    }
  });
  const around = image.viewBox.baseVal;
  for (const { name, whole } of boxes) {
    if (whole.x < 0 || whole.y < 0 || whole.x + whole.width > around.width || whole.y + whole.height > around.height) {
      wrong.push(`${name} is outside of the picture`);
    }
  }
  for (const path of image.querySelectorAll("path.edge")) {
    const length = path.getTotalLength();
    search: for (let at = 3; at < length - 3; at += 6) {
      const { x, y } = path.getPointAtLength(at);
      for (const { name, body } of boxes) {
        if (x > body.x + 2 && x < body.x + body.width - 2 && y > body.y + 2 && y < body.y + body.height - 2) {
          wrong.push(`an arrow crosses ${name}: ${path.getAttribute("d")}`);
          break search;
        }
      }
    }
  }
  return wrong;
}
