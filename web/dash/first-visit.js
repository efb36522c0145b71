import { button } from "../shared/components/button.js";
import { field, showFieldError, watchForm } from "../shared/components/field.js";
import { describeError, notice } from "../shared/components/states.js";
import { find, html, render } from "../shared/js/html.js";

const LONGEST = 120;

/**
 * Signed in, but nobody's member yet: one explicit step makes the workspace.
 * @param {import("./overview-view.js").Context} context @param {import("./workspace.js").Membership} membership
 * @returns {import("../shared/components/shell.js").View}
 */
export function firstVisitGate({ workspace }, { user }) {
  return {
    title: "Create your workspace",
    mount(container, { guard }) {
      show(container, user.email, { busy: false });
      const form = find(container, "form", HTMLFormElement);
      const name = find(form, "#workspace-name", HTMLInputElement);
      guard(() => null);
      watchForm(form, {
        problemOf: ({ value }) => problemOf(value),
        onValid: async () => {
          show(container, user.email, { busy: true });
          try {
            await workspace.create(name.value.trim());
          } catch (error) {
            show(container, user.email, { busy: false, error });
            showFieldError(name, /** @type {{ fields?: Record<string, string> }} */ (error).fields?.name ?? null);
          }
        },
      });
      name.focus();
    },
  };
}

/** @param {string} value */
function problemOf(value) {
  if (!value.trim()) return "Type the name of your business, as your promoters know it.";
  return value.trim().length > LONGEST ? `Use at most ${LONGEST} characters.` : null;
}

/** @param {HTMLElement} container @param {string | null} email @param {{ busy: boolean, error?: unknown }} state */
function show(container, email, { busy, error }) {
  const failed = error ? describeError(error, "") : null;
  render(
    container,
    html`
      <section class="card gate">
        <h2>Create your workspace</h2>
        <p class="soft">You are signed in${email && html` as <strong>${email}</strong>`} and belong to no workspace yet. This makes one that is yours;
          if you expected to find a team here, ask its owner to add you.</p>
        <form class="stack">
          ${field({ id: "workspace-name", label: "Name of your business", help: "Promoters see it on the coupon page. You can change it later.", attributes: { autocomplete: "organization", maxlength: 200 } })}
          ${failed && notice({ tone: failed.tone, icon: failed.icon, children: html`${failed.text}${failed.requestId && html` <span class="request-id">Request <code>${failed.requestId}</code></span>`}` })}
          <div class="row">${button({ label: "Create workspace", type: "submit", variant: "primary", busy })}</div>
        </form>
      </section>`,
  );
}
