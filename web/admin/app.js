import { startConsole } from "../shared/js/console.js";

void startConsole({
  product: "Admin",
  purpose:
    "This is the place of the platform’s operators: tenants and operations. This version has no accounts yet, so there is nothing to sign in to.",
});
