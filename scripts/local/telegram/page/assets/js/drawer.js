/** The drawer: raw calls of the bots, and troubles to inject. */

import { callsPanel } from './calls.js';
import { h, icon } from './dom.js';
import { faultsPanel } from './faults.js';

const TABS = [['calls', 'Calls', callsPanel], ['faults', 'Faults', faultsPanel]];

/**
 * @param {HTMLElement} element
 * @param {HTMLElement} opener
 */
export function drawer(element, opener) {
  let panel = null;
  let current = 'calls';

  function render() {
    const [, , build] = TABS.find(([key]) => key === current);
    panel = build();
    panel.element.id = 'panel';
    panel.element.setAttribute('role', 'tabpanel');
    panel.element.setAttribute('aria-labelledby', `tab-${current}`);
    panel.element.tabIndex = 0;
    element.replaceChildren(
      h('div', { className: 'drawer-head' }, h('h2', {}, 'Calls and faults'),
        h('button', { className: 'button quiet icon', type: 'button', 'aria-label': 'Close drawer', onclick: () => toggle(false) }, icon('close'))),
      h('div', { className: 'tabs', role: 'tablist' }, TABS.map(tab)),
      panel.element);
    panel.refresh();
  }

  function tab([key, label]) {
    return h('button', {
      type: 'button', role: 'tab', id: `tab-${key}`, 'aria-selected': String(key === current), 'aria-controls': 'panel',
      tabindex: key === current ? '0' : '-1', onclick: () => select(key), onkeydown: arrows,
    }, label);
  }

  function arrows(event) {
    if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return;
    select(current === 'calls' ? 'faults' : 'calls');
  }

  function select(key) {
    current = key;
    render();
    document.getElementById(`tab-${key}`)?.focus();
  }

  function toggle(open = element.hidden) {
    element.hidden = !open;
    opener.setAttribute('aria-expanded', String(open));
    if (open) render();
    else opener.focus();
  }

  opener.addEventListener('click', () => toggle());
  element.addEventListener('keydown', (event) => { if (event.key === 'Escape') toggle(false); });
  return {
    /** @param {any[]} events */
    notice(events) { if (!element.hidden) panel?.notice(events); },
  };
}
