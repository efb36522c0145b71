import { html, render } from "../js/html.js";
import { currentTheme, setTheme } from "../js/theme-switch.js";
import { button } from "./button.js";

/** A button that changes between the two palettes. @param {HTMLElement} container */
export function mountThemeButton(container) {
  const draw = () => {
    const isDark = currentTheme() === "dark";
    const look = { label: isDark ? "Light colours" : "Dark colours", icon: isDark ? "sun" : "moon" };
    render(container, html`${button({ ...look, iconOnly: true, variant: "ghost" })}`);
  };
  container.addEventListener("click", () => {
    setTheme(currentTheme() === "dark" ? "light" : "dark");
    draw();
  });
  draw();
}
