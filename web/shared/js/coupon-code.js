/** The coupon code as the product writes it; the same rule as `promostack/core/text.py`, run on the same cases. */

const MAX_LENGTH = 64;
const CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
const BLANKS = /\p{White_Space}+/gu;
const TRIM = /^\p{White_Space}+|\p{White_Space}+$/gu;

/**
 * NFKC, trimmed, upper case, blanks to `-`, everything outside `A-Z 0-9 - _` dropped.
 * @param {string} raw
 * @returns {{ code: string, problem: null } | { code: null, problem: string }}
 */
export function normaliseCode(raw) {
  if (CONTROLS.test(raw)) return refuse("The code holds invisible control characters. Type it again by hand.");
  const text = raw.normalize("NFKC").replace(TRIM, "");
  if ([...text].length > MAX_LENGTH) return refuse(`A code has at most ${MAX_LENGTH} characters.`);
  const code = text.toUpperCase().replace(BLANKS, "-").replace(/[^A-Z0-9\-_]/g, "");
  if (!code) return refuse("A code needs at least one letter A–Z or digit.");
  if (code.length > MAX_LENGTH) return refuse(`A code has at most ${MAX_LENGTH} characters.`);
  return { code, problem: null };
}

/** @param {string} problem @returns {{ code: null, problem: string }} */
function refuse(problem) {
  return { code: null, problem };
}
