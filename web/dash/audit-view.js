import { noPermissionView } from "../shared/components/states.js";
import { auditColumns } from "../shared/js/audit.js";
import { pagedTable } from "../shared/js/paged-table.js";
import { render } from "../shared/js/html.js";
import { whoGrants } from "./people.js";

/** Who did what here. @param {import("./overview-view.js").Context} context @returns {import("../shared/components/shell.js").View} */
export function auditView({ api, workspace }) {
  return {
    title: "Audit log",
    async mount(container, { signal }) {
      if (!workspace.may("audit.read")) {
        const who = await whoGrants(api, signal);
        return render(container, noPermissionView({ what: "the audit log", who }));
      }
      await pagedTable(container, {
        api,
        signal,
        path: "client/settings/audit",
        head: { title: "What was done here", text: "Each change with who made it, newest first. Lines stay as they are." },
        empty: { icon: "scroll-text", title: "Nothing was done yet", text: "Changes of settings, roles and members show up here." },
        table: { label: "Audit log", noun: ["line", "lines"], idOf: (row) => row.id, columns: auditColumns() },
      })();
    },
  };
}
