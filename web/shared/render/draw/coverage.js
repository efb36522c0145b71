/**
 * Exact area coverage of outlines, as the server's rasteriser has it: browsers' own is coarser on small outlines.
 * Edges leave signed areas in a buffer; their sum along a row is the coverage (non-zero winding, cut off at 1).
 *
 * @typedef {import("../text/shaper.js").OutlineStep} OutlineStep
 * @typedef {{a: number, b: number, c: number, d: number, e: number, f: number}} Matrix as a canvas has it
 */

/** Curves are cut into lines that stay so close, in pixels. */
const NEAR = 0.005;

export class Coverage {
  /** @param {number} width @param {number} height whole pixels */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.stride = width + 2;
    this.areas = new Float32Array(this.stride * height);
  }

  /** @param {OutlineStep[]} outline @param {Matrix} matrix its coordinates to pixels */
  add(outline, { a, b, c, d, e, f }) {
    let [x, y, startX, startY] = [0, 0, 0, 0];
    for (const [kind, ...values] of outline) {
      const points = values.map((value, i) =>
        i % 2 ? b * values[i - 1] + d * value + f : a * value + c * values[i + 1] + e,
      );
      if (kind === "M") [startX, startY] = points;
      else if (kind === "L") this.line(x, y, points[0], points[1]);
      else if (kind === "Q") this.conic(x, y, points);
      else if (kind === "C") this.cubic(x, y, points);
      else this.line(x, y, startX, startY);
      [x, y] = kind === "Z" ? [startX, startY] : points.slice(-2);
    }
  }

  /** @param {number} x0 @param {number} y0 @param {number[]} points */
  conic(x0, y0, [x1, y1, x2, y2]) {
    const bend = Math.hypot(x0 - 2 * x1 + x2, y0 - 2 * y1 + y2);
    const count = Math.max(1, Math.ceil(Math.sqrt(bend / (4 * NEAR))));
    let [fromX, fromY] = [x0, y0];
    for (let i = 1; i <= count; i++) {
      const t = i / count;
      const u = 1 - t;
      const x = u * u * x0 + 2 * u * t * x1 + t * t * x2;
      const y = u * u * y0 + 2 * u * t * y1 + t * t * y2;
      this.line(fromX, fromY, x, y);
      [fromX, fromY] = [x, y];
    }
  }

  /** @param {number} x0 @param {number} y0 @param {number[]} points */
  cubic(x0, y0, [x1, y1, x2, y2, x3, y3]) {
    const bend = Math.max(Math.hypot(x0 - 2 * x1 + x2, y0 - 2 * y1 + y2), Math.hypot(x1 - 2 * x2 + x3, y1 - 2 * y2 + y3));
    const count = Math.max(1, Math.ceil(Math.sqrt((0.75 * bend) / NEAR)));
    let [fromX, fromY] = [x0, y0];
    for (let i = 1; i <= count; i++) {
      const t = i / count;
      const u = 1 - t;
      const [k0, k1, k2, k3] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
      const x = k0 * x0 + k1 * x1 + k2 * x2 + k3 * x3;
      const y = k0 * y0 + k1 * y1 + k2 * y2 + k3 * y3;
      this.line(fromX, fromY, x, y);
      [fromX, fromY] = [x, y];
    }
  }

  /** @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 */
  line(x0, y0, x1, y1) {
    if (y0 === y1) return;
    const sign = y0 < y1 ? 1 : -1;
    const [topX, topY, lowX, lowY] = sign > 0 ? [x0, y0, x1, y1] : [x1, y1, x0, y0];
    const slope = (lowX - topX) / (lowY - topY);
    const last = Math.min(this.height, Math.ceil(lowY));
    for (let row = Math.max(0, Math.floor(topY)); row < last; row++) {
      const from = Math.max(row, topY);
      const to = Math.min(row + 1, lowY);
      this.edge(row, topX + (from - topY) * slope, topX + (to - topY) * slope, sign * (to - from));
    }
  }

  /** An edge inside one row, from `x0` to `x1`, `tall` high (signed). @param {number} row @param {number} x0 @param {number} x1 @param {number} tall */
  edge(row, x0, x1, tall) {
    const { areas, width } = this;
    const start = row * this.stride;
    const left = Math.min(Math.max(Math.min(x0, x1), 0), width);
    const right = Math.min(Math.max(x0, x1, 0), width);
    const first = Math.floor(left);
    if (right <= first + 1) {
      const beyond = (left + right) / 2 - first;
      areas[start + first] += tall * (1 - beyond);
      areas[start + first + 1] += tall * beyond;
      return;
    }
    // What of the edge lies left of each pixel's end, as an area of that pixel; the differences are stored.
    const steep = tall / (right - left);
    let before = 0;
    for (let x = first; x < right; x++) {
      const [a, b] = [Math.max(left, x), Math.min(right, x + 1)];
      const area = steep * ((b - a) * (x + 1 - (a + b) / 2) + Math.max(0, a - left) * 1);
      areas[start + x] += area - before;
      before = area;
    }
    areas[start + Math.ceil(right)] += tall - before;
  }

  /** Black with the coverage as alpha. @returns {ImageData} */
  picture() {
    const { width, height, stride, areas } = this;
    const image = new ImageData(width, height);
    for (let row = 0, place = 3; row < height; row++) {
      let sum = 0;
      for (let x = 0; x < width; x++, place += 4) {
        sum += areas[row * stride + x];
        image.data[place] = Math.min(255, Math.round(255 * Math.abs(sum)));
      }
    }
    return image;
  }
}
