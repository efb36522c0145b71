/**
 * Pictures and fonts, fetched once and kept.
 */

/** An asset could not be had; `key` names it. */
export class AssetUnavailable extends Error {
  /** @param {string} key @param {string} reason */
  constructor(key, reason) {
    super(`The asset "${key}" ${reason}`);
    this.name = "AssetUnavailable";
    this.key = key;
  }
}

export class Assets {
  /** @param {string} base */
  constructor(base) {
    this.base = base.replace(/\/$/, "");
    /** @type {Map<string, Promise<ImageBitmap>>} */
    this.pending = new Map();
    /** @type {Map<string, ImageBitmap>} */
    this.images = new Map();
  }

  /** @param {string} key */
  url(key) {
    return `${this.base}/${key.split("/").map(encodeURIComponent).join("/")}`;
  }

  /** @param {string} key @returns {Promise<ImageBitmap>} */
  load(key) {
    return this.loadUrl(key, this.url(key));
  }

  /** @param {string} key name under which it is kept @param {string} url @returns {Promise<ImageBitmap>} */
  loadUrl(key, url) {
    let pending = this.pending.get(key);
    if (!pending) {
      pending = decode(key, url).then((image) => {
        this.images.set(key, image);
        return image;
      });
      pending.catch(() => this.pending.delete(key));
      this.pending.set(key, pending);
    }
    return pending;
  }

  /** An image that was loaded before. @param {string} key */
  get(key) {
    const image = this.images.get(key);
    if (!image) throw new AssetUnavailable(key, "was not loaded");
    return image;
  }
}

/** @param {string} key @param {string} url */
async function decode(key, url) {
  const blob = await (await fetchOk(key, url)).blob();
  try {
    return await createImageBitmap(blob, { colorSpaceConversion: "default", imageOrientation: "from-image" });
  } catch {
    throw new AssetUnavailable(key, "is not a picture");
  }
}

/** @param {string} key @param {string} url */
export async function fetchOk(key, url) {
  let response;
  try {
    response = await fetch(url);
  } catch {
    throw new AssetUnavailable(key, "cannot be reached");
  }
  if (!response.ok) throw new AssetUnavailable(key, `is missing (${response.status})`);
  return response;
}
