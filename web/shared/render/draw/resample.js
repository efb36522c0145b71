/**
 * Pictures brought to another size exactly as the server's library does it (Pillow's Lanczos: two passes over whole
 * numbers, weights in 22 bits, colours multiplied by alpha in between). Browsers' own filters differ.
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 * @typedef {{first: Int32Array, weights: Int32Array, most: number}} Weights  `most` weights for each output pixel
 */

const LOBES = 3;
const BITS = 22;

/**
 * @param {ImageData} image @param {Box} box the part to take, fractions allowed @param {number} width
 * @param {number} height
 * @returns {ImageData}
 */
export function resampled(image, box, width, height) {
  const across = weightsOf(image.width, Math.fround(box.x), Math.fround(box.x + box.width), width);
  const down = weightsOf(image.height, Math.fround(box.y), Math.fround(box.y + box.height), height);
  const narrow = pass(premultiplied(image.data), image.height, across, { step: 4, line: 4 * image.width, out: 4 * width });
  const result = turned(narrow, width, image.height, down, height);
  return new ImageData(divided(result), width, height);
}

/** @param {number} size @param {number} from @param {number} to @param {number} count @returns {Weights} */
function weightsOf(size, from, to, count) {
  const scale = (to - from) / count;
  const wide = Math.max(scale, 1);
  const reach = LOBES * wide;
  const most = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(count);
  const weights = new Int32Array(count * most);
  for (let place = 0; place < count; place++) {
    const centre = from + (place + 0.5) * scale;
    const low = Math.max(0, Math.trunc(centre - reach + 0.5));
    const high = Math.min(size, Math.trunc(centre + reach + 0.5));
    const own = Array.from({ length: high - low }, (_, i) => lanczos((i + low - centre + 0.5) / wide));
    const sum = own.reduce((total, weight) => total + weight, 0);
    first[place] = low;
    own.forEach((weight, i) => {
      const exact = (weight / sum) * 2 ** BITS;
      weights[place * most + i] = Math.trunc(exact + (exact < 0 ? -0.5 : 0.5));
    });
  }
  return { first, weights, most };
}

/** @param {number} x */
function lanczos(x) {
  return x >= -LOBES && x < LOBES ? sinc(x) * sinc(x / LOBES) : 0;
}

/** @param {number} x */
function sinc(x) {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

/**
 * @param {Uint8ClampedArray} data @param {number} lines @param {Weights} weights
 * @param {{step: number, line: number, out: number}} shape
 */
function pass(data, lines, { first, weights, most }, { step, line, out }) {
  const result = new Uint8ClampedArray(lines * out);
  const count = first.length;
  const length = line / step;
  for (let row = 0; row < lines; row++) {
    for (let place = 0; place < count; place++) {
      const low = first[place];
      const taps = Math.min(most, length - low);
      let [red, green, blue, alpha] = [1 << (BITS - 1), 1 << (BITS - 1), 1 << (BITS - 1), 1 << (BITS - 1)];
      for (let i = 0, at = row * line + low * step, w = place * most; i < taps; i++, at += step, w++) {
        const weight = weights[w];
        red += data[at] * weight;
        green += data[at + 1] * weight;
        blue += data[at + 2] * weight;
        alpha += data[at + 3] * weight;
      }
      const to = row * out + 4 * place;
      result[to] = red >> BITS;
      result[to + 1] = green >> BITS;
      result[to + 2] = blue >> BITS;
      result[to + 3] = alpha >> BITS;
    }
  }
  return result;
}

/** The pass down the columns. @param {Uint8ClampedArray} data @param {number} width @param {number} lines @param {Weights} weights @param {number} height */
function turned(data, width, lines, { first, weights, most }, height) {
  const result = new Uint8ClampedArray(4 * width * height);
  const sums = new Int32Array(4 * width);
  for (let row = 0; row < height; row++) {
    sums.fill(1 << (BITS - 1));
    const taps = Math.min(most, lines - first[row]);
    for (let i = 0; i < taps; i++) {
      const weight = weights[row * most + i];
      if (weight === 0) continue;
      const start = (first[row] + i) * 4 * width;
      for (let x = 0; x < sums.length; x++) sums[x] += data[start + x] * weight;
    }
    for (let x = 0; x < sums.length; x++) result[row * sums.length + x] = sums[x] >> BITS;
  }
  return result;
}

/** @param {Uint8ClampedArray} data */
function premultiplied(data) {
  const result = new Uint8ClampedArray(data);
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3];
    if (alpha === 255) continue;
    for (let c = i; c < i + 3; c++) {
      const product = data[c] * alpha + 128;
      result[c] = ((product >> 8) + product) >> 8;
    }
  }
  return result;
}

/** @param {Uint8ClampedArray<ArrayBuffer>} data changed in place */
function divided(data) {
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3];
    if (alpha === 255 || alpha === 0) continue;
    for (let c = i; c < i + 3; c++) data[c] = Math.trunc((255 * data[c]) / alpha);
  }
  return data;
}
