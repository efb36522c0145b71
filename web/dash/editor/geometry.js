/** Boxes that may be turned: points in and out of them, and what a drag of a handle makes of them. Format pixels, degrees clockwise. */

/** @typedef {import("./document.js").Box} Box */
/** @typedef {{ x: number, y: number }} Point */
/** @typedef {Box & { rotation?: number }} Turned */
/** @typedef {"nw" | "n" | "ne" | "e" | "se" | "s" | "sw" | "w"} Handle */

/** Which edges a handle moves: -1 the left or upper one, 1 the right or lower one. @type {Record<Handle, [number, number]>} */
export const HANDLES = { nw: [-1, -1], n: [0, -1], ne: [1, -1], e: [1, 0], se: [1, 1], s: [0, 1], sw: [-1, 1], w: [-1, 0] };

/** @param {Box} box @returns {Point} */
export const centreOf = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });

/** @param {Point} point @param {Point} centre @param {number} degrees @returns {Point} */
export function turned(point, centre, degrees) {
  const angle = (degrees * Math.PI) / 180;
  const [dx, dy] = [point.x - centre.x, point.y - centre.y];
  return { x: centre.x + dx * Math.cos(angle) - dy * Math.sin(angle), y: centre.y + dx * Math.sin(angle) + dy * Math.cos(angle) };
}

/** @param {Turned} box @param {Point} point @param {number} [slack] how far beside it still counts */
export function holds(box, point, slack = 0) {
  const { x, y } = turned(point, centreOf(box), -(box.rotation ?? 0));
  return x >= box.x - slack && x <= box.x + box.width + slack && y >= box.y - slack && y <= box.y + box.height + slack;
}

/** The upright box around a turned one. @param {Turned} box @returns {Box} */
export function boundsOf(box) {
  const { x, y, width, height } = box;
  if (!((box.rotation ?? 0) % 360)) return { x, y, width, height };
  const corners = [[x, y], [x + width, y], [x, y + height], [x + width, y + height]].map(([left, top]) => turned({ x: left, y: top }, centreOf(box), box.rotation ?? 0));
  const [xs, ys] = [corners.map((corner) => corner.x), corners.map((corner) => corner.y)];
  return { x: Math.min(...xs), y: Math.min(...ys), width: Math.max(...xs) - Math.min(...xs), height: Math.max(...ys) - Math.min(...ys) };
}

/**
 * The box after its handle was dragged by (dx, dy): the opposite edge or corner stays where it is, turned or not.
 * @param {Turned} box @param {Handle} handle @param {Point} by @param {{ keepsRatio?: boolean, least?: number }} [options]
 * @returns {Box}
 */
export function resized(box, handle, by, { keepsRatio = false, least = 1 } = {}) {
  const [horizontal, vertical] = HANDLES[handle];
  const rotation = box.rotation ?? 0;
  const own = turned(by, { x: 0, y: 0 }, -rotation);
  let width = Math.max(least, box.width + horizontal * own.x);
  let height = Math.max(least, box.height + vertical * own.y);
  if (keepsRatio && horizontal && vertical && box.width > 0 && box.height > 0) {
    const share = Math.max(width / box.width, height / box.height);
    [width, height] = [Math.max(least, box.width * share), Math.max(least, box.height * share)];
  }
  // The anchor is the point across from the handle; it decides where the new centre lies.
  const anchor = turned({ x: box.x + (box.width * (1 - horizontal)) / 2, y: box.y + (box.height * (1 - vertical)) / 2 }, centreOf(box), rotation);
  const reach = turned({ x: (width * horizontal) / 2, y: (height * vertical) / 2 }, { x: 0, y: 0 }, rotation);
  return { x: anchor.x + reach.x - width / 2, y: anchor.y + reach.y - height / 2, width, height };
}

/** The rotation that turns the box's upper side towards the point, in (-180, 180]. @param {Box} box @param {Point} point */
export function angleTowards(box, point) {
  const centre = centreOf(box);
  return upright((Math.atan2(point.y - centre.y, point.x - centre.x) * 180) / Math.PI + 90);
}

/** @param {number} degrees @returns {number} the same direction in (-180, 180] */
export function upright(degrees) {
  const within = ((degrees % 360) + 360) % 360;
  return within > 180 ? within - 360 : within;
}
