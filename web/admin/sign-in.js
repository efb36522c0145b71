import { button } from "../shared/components/button.js";
import { field, watchForm } from "../shared/components/field.js";
import { describeError, notice } from "../shared/components/states.js";
import { formatDuration } from "../shared/js/format.js";
import { signInHeadline } from "../shared/js/gates.js";
import { find, html, render } from "../shared/js/html.js";

/** @typedef {import("./admin-session.js").AdminSession} AdminSession */

/**
 * Two ways in: the identity provider, and the password of this host.
 * @param {object} options
 * @param {AdminSession} options.admin
 * @param {null | "here" | "elsewhere"} options.why
 * @param {string | null} options.address of the provider's page, null when the provider does not answer
 * @param {string | null} options.stranger who is signed in without being one of the platform's people
 * @param {() => void} options.onOther signs that person out
 * @returns {import("../shared/components/shell.js").View}
 */
export function adminSignInGate({ admin, why, address, stranger, onOther }) {
  return {
    title: stranger ? "No access" : "Sign in",
    mount(container) {
      render(container, page({ why, address, stranger }));
      mountPasswordForm(find(container, "[data-slot=password]", HTMLElement), admin);
      container.querySelector("[data-action=other]")?.addEventListener("click", onOther);
    },
  };
}

/** @param {{ why: null | "here" | "elsewhere", address: string | null, stranger: string | null }} options */
function page({ why, address, stranger }) {
  return html`
    <div class="gates">
      <header>
        <h2>${stranger ? "This is for the platform’s people" : signInHeadline(why)}</h2>
        <p class="soft">${
          stranger
            ? html`You are signed in as <strong>${stranger}</strong>, who is not one of them. Whoever runs the platform can add the address to its list of admins.`
            : "Tenants, health and refused sign-ins of the whole platform."
        }</p>
      </header>
      <section class="card gate">
        <h3>With your account</h3>
        ${way({ address, stranger })}
      </section>
      <section class="card gate">
        <h3>With the password</h3>
        <div data-slot="password"></div>
      </section>
    </div>`;
}

/** @param {{ address: string | null, stranger: string | null }} options */
function way({ address, stranger }) {
  if (stranger) {
    return html`<p class="muted">Choose another account that is on the list.</p>
      <div class="row">${button({ label: "Sign in as somebody else", icon: "log-in", attributes: { "data-action": "other" } })}</div>`;
  }
  if (address === null) return notice({ tone: "warning", icon: "wifi-off", children: "The service that signs people in does not answer. The password works without it." });
  return html`<p class="muted">Your verified e-mail address is on the list of admins.</p>
    <div class="row">${button({ label: "Sign in", icon: "log-in", variant: "primary", href: address })}</div>`;
}

/**
 * @param {HTMLElement} slot @param {AdminSession} admin @param {() => void} [onDone]
 */
export function mountPasswordForm(slot, admin, onDone = () => {}) {
  show(slot, { busy: false });
  const form = find(slot, "form", HTMLFormElement);
  watchForm(form, {
    problemOf: ({ name, value }) => (value.trim() ? null : name === "email" ? "Type your e-mail address." : "Type the password."),
    onValid: async () => {
      const data = new FormData(form);
      show(slot, { busy: true });
      try {
        await admin.logIn(String(data.get("email")).trim(), String(data.get("password")));
        onDone();
      } catch (error) {
        show(slot, { busy: false, error });
      }
    },
  });
}

/** @param {HTMLElement} slot @param {{ busy: boolean, error?: unknown }} state */
function show(slot, { busy, error }) {
  render(
    slot,
    html`
      <form class="stack">
        ${field({ id: "email", label: "E-mail", type: "email", attributes: { autocomplete: "username" } })}
        ${field({ id: "password", label: "Password", type: "password", attributes: { autocomplete: "current-password" } })}
        ${Boolean(error) && notice({ tone: "danger", children: reasonOf(error) })}
        <div class="row">${button({ label: "Sign in with password", icon: "key-round", type: "submit", busy })}</div>
      </form>`,
  );
}

/** @param {unknown} error */
function reasonOf(error) {
  const { code, status, retryAfter } = /** @type {import("../shared/js/api.js").ApiError} */ (error);
  if (status === 429 && retryAfter) return `Too many tries. Try again in ${formatDuration(retryAfter)}.`;
  if (code === "not_signed_in") return "E-mail or password is wrong.";
  return describeError(error, "").text;
}
