// Runs before the first paint (a classic script, in the head), so that a chosen light palette does not flash dark.
document.documentElement.dataset.theme = localStorage.getItem("theme") === "light" ? "light" : "dark";
