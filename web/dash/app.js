import { startConsole } from "../shared/js/console.js";

void startConsole({
  product: "Dashboard",
  purpose:
    "This is the place of affiliate managers: their templates, bots and results. This version has no accounts yet, so there is nothing to sign in to.",
});
