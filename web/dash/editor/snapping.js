/** Where a moved or resized box catches: edges and centres of the format and of the other layers. */

/** @typedef {import("./document.js").Box} Box */
/** @typedef {{ axis: "x" | "y", at: number, from: number, to: number }} Guide a line to show, in format pixels */
/** @typedef {{ at: number, from: number, to: number }} Line */

/**
 * @param {{ width: number, height: number }} format @param {Box[]} others upright boxes
 * @returns {{ x: Line[], y: Line[] }}
 */
export function linesOf({ width, height }, others) {
  const whole = { x: 0, y: 0, width, height };
  const along = (/** @type {"x" | "y"} */ axis) => {
    const [size, cross, crossSize] = axis === "x" ? /** @type {const} */ (["width", "y", "height"]) : /** @type {const} */ (["height", "x", "width"]);
    return [whole, ...others].flatMap((box) =>
      [0, 0.5, 1].map((share) => ({ at: box[axis] + box[size] * share, from: box[cross], to: box[cross] + box[crossSize] })),
    );
  };
  return { x: along("x"), y: along("y") };
}

/**
 * How far a box has to go to catch, and the lines that it then lies on.
 * @param {Box} box upright @param {{ x: Line[], y: Line[] }} lines @param {number} reach in format pixels
 * @param {{ x: number[], y: number[] }} [edges] which parts of it catch: 0 its start, 0.5 its middle, 1 its end
 * @returns {{ dx: number, dy: number, guides: Guide[] }}
 */
export function snap(box, lines, reach, edges = { x: [0, 0.5, 1], y: [0, 0.5, 1] }) {
  const x = nearest(box.x, box.width, lines.x, reach, edges.x);
  const y = nearest(box.y, box.height, lines.y, reach, edges.y);
  const moved = { ...box, x: box.x + x.by, y: box.y + y.by };
  const guides = [
    ...x.lines.map((line) => ({ axis: /** @type {const} */ ("x"), at: line.at, from: Math.min(line.from, moved.y), to: Math.max(line.to, moved.y + box.height) })),
    ...y.lines.map((line) => ({ axis: /** @type {const} */ ("y"), at: line.at, from: Math.min(line.from, moved.x), to: Math.max(line.to, moved.x + box.width) })),
  ];
  return { dx: x.by, dy: y.by, guides };
}

/** @param {number} start @param {number} size @param {Line[]} lines @param {number} reach @param {number[]} shares */
function nearest(start, size, lines, reach, shares) {
  const gaps = shares.flatMap((share) => lines.map((line) => ({ line, by: line.at - (start + size * share) })));
  const best = gaps.reduce((least, { by }) => (Math.abs(by) < Math.abs(least) ? by : least), Infinity);
  if (Math.abs(best) > reach) return { by: 0, lines: [] };
  return { by: best, lines: gaps.filter(({ by }) => Math.abs(by - best) < 0.01).map(({ line }) => line) };
}
