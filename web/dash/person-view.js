import { button } from "../shared/components/button.js";
import { confirmDestruction } from "../shared/components/dialog.js";
import { toast, toastError } from "../shared/components/toast.js";
import { pagedTable } from "../shared/js/paged-table.js";
import { titleCase } from "../shared/js/format.js";
import { html, listen } from "../shared/js/html.js";
import { reasonName, stepName } from "./analytics-words.js";

/** Each step of one person. @param {import("./overview-view.js").Context} context @returns {import("../shared/components/shell.js").View} */
export function personView({ api, workspace }) {
  return {
    title: "One person",
    async mount(container, { place, signal }) {
      const person = place.params.person;
      listen(container, "click", "[data-action=forget]", () => void forget(api, person));
      await pagedTable(container, {
        api,
        signal,
        path: `client/analytics/people/${encodeURIComponent(person)}`,
        head: {
          title: `Person ${person}`,
          text: "Each step with your bots, newest first. The number is Telegram's.",
          action: html`<span class="row">${workspace.may("chats.read") && button({ label: "What was said", icon: "send", variant: "outline", href: `#/telegram/bots/chats/${encodeURIComponent(person)}` })}${workspace.may("people.erase") && button({ label: "Forget this person…", icon: "trash", variant: "outline", attributes: { "data-action": "forget" } })}${button({ label: "All figures", icon: "arrow-left", variant: "outline", href: "#/telegram/analytics" })}</span>`,
        },
        empty: { icon: "user", title: "No step yet", text: "What this person does with your bots shows up here." },
        table: {
          label: `Steps of ${person}`,
          noun: ["step", "steps"],
          idOf: (row) => String(row.id),
          columns: [
            { key: "at", label: "When", fixed: true, value: (row) => new Date(row.at) },
            { key: "kind", label: "Step", fixed: true, value: (row) => stepName(row.kind) },
            { key: "code", label: "Code", value: (row) => row.code, show: (row) => (row.code ? html`<code>${row.code}</code>` : "–") },
            { key: "template", label: "Template", value: (row) => (row.template ? titleCase(row.template) : null) },
            { key: "format", label: "Format", value: (row) => (row.format ? titleCase(row.format) : null) },
            { key: "error", label: "Why not", value: (row) => (row.error ? reasonName(row.error) : null) },
            { key: "ms", label: "Took (ms)", align: "end", value: (row) => row.ms },
          ],
        },
      })();
    },
  };
}

/** @param {import("../shared/js/api.js").Api} api @param {string} person */
async function forget(api, person) {
  const isSure = await confirmDestruction({
    title: `Forget person ${person}?`,
    consequence: "The chat, all messages to and from this person and every mark of it are deleted for good within minutes. Steps stay in your figures without a name.",
    verb: "Forget this person",
  });
  if (!isSure) return;
  try {
    await api.post("client/leaving/erasures", { person: Number(person) });
    toast({ tone: "success", text: "This person is being forgotten. Settings → Your data tells when it is done." });
  } catch (error) {
    toastError(error);
  }
}
