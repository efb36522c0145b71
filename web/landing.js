import { consoleAddress, loadConfig } from "./shared/js/config.js";
import { find } from "./shared/js/html.js";

find(document, "#dash", HTMLAnchorElement).href = consoleAddress("dash");
find(document, "#admin", HTMLAnchorElement).href = consoleAddress("admin");

// The chat page exists only where the Telegram simulator runs.
const { chat } = await loadConfig();
if (chat) {
  const item = find(document, "#chat", HTMLElement);
  find(item, "a", HTMLAnchorElement).href = chat;
  item.hidden = false;
}
