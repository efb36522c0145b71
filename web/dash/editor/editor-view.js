import { describeError, errorView, skeleton } from "../../shared/components/states.js";
import { render } from "../../shared/js/html.js";
import { load } from "../../shared/js/state.js";

/** @typedef {import("../overview-view.js").Context} Context */

/** The template editor, which is loaded with the engine when somebody opens it. @param {Context} context @returns {import("../../shared/components/shell.js").View} */
export function editorView(context) {
  return {
    title: "Template editor",
    mount(container, visit) {
      const slug = encodeURIComponent(visit.place.params.template);
      const { api, config } = context;
      const start = () =>
        load(
          () => Promise.all([api.get(`client/editor/${slug}`, { signal: visit.signal }), api.get("client/settings", { signal: visit.signal }), fontsAt(config.assetBase), ownFonts(api, visit.signal), import("./editor.js")]),
          (loading) => {
            if (visit.signal.aborted) return;
            if (loading.phase === "slow") render(container, skeleton(["title", "card", "control", "control"]));
            if (loading.phase === "failed") return failed(loading.error);
            if (loading.phase === "ready") {
              const [draft, settings, shipped, own, { Editor }] = loading.data;
              new Editor(context, container, visit, { draft, settings, fonts: [...own, ...shipped] }).start();
            }
          },
        );
      /** @param {unknown} error */
      function failed(error) {
        render(container, errorView(describeError(error, "The template could not be loaded")));
        container.querySelector("[data-action=retry]")?.addEventListener("click", () => void start(), { once: true });
      }
      return start();
    },
  };
}

/** The workspace's own. @param {import("../../shared/js/api.js").Api} api @param {AbortSignal} signal @returns {Promise<import("./properties.js").FontFamily[]>} */
async function ownFonts(api, signal) {
  const { items } = await api.get("client/uploads/fonts", { signal });
  return items.map((/** @type {any} */ { family, weights, key, id }) => ({ family, weights, key, id }));
}

/** Families that are shipped, with their weights. @param {string} assetBase @returns {Promise<import("./properties.js").FontFamily[]>} */
async function fontsAt(assetBase) {
  const answer = await fetch(`${assetBase.replace(/\/$/, "")}/fonts/fonts.json`);
  if (!answer.ok) throw new Error(`fonts.json answered ${answer.status}`);
  const { families } = await answer.json();
  return families.map((/** @type {any} */ { family, axes, weight = 400 }) => ({ family, weights: axes.wght ?? [weight, weight] }));
}
