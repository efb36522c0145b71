/** Ways out of the page: share sheet, clipboard. */

import { isAbort } from "../shared/js/api.js";
import { saveFile } from "../shared/js/save-file.js";
import { toast } from "../shared/components/toast.js";

/**
 * Opens the share sheet with the picture; saves it where the browser has none.
 * @param {File} file
 */
export async function shareFile(file) {
  if (!navigator.canShare?.({ files: [file] })) {
    saveFile(file, file.name);
    toast({ text: "Saved. This browser can’t share pictures itself." });
    return;
  }
  try {
    await navigator.share({ files: [file] });
  } catch (error) {
    if (isAbort(error)) return;
    // The sheet opens only soon after a press; making the picture may have taken longer.
    toast({ text: "The picture is ready.", action: { label: "Share now", run: () => void shareFile(file) } });
  }
}

/** @param {string} text @param {string} what "Link" */
export async function copyText(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    toast({ text: `${what} copied.`, tone: "success" });
  } catch {
    toast({ text: "This browser did not allow copying. Select the text and copy it by hand.", tone: "danger" });
  }
}
