// Runs first (a classic script, in the head): inside another site's page this one shows nothing, so that nobody is led to
// press what he does not see. Static hosting sends no headers of ours, and a meta tag cannot say frame-ancestors.
if (window.top !== window.self) {
  window.stop();
  document.documentElement.replaceChildren();
}
