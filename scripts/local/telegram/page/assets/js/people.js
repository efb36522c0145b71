/** Adding a person. The first visit finds two. */

import { post } from './api.js';
import { h } from './dom.js';

const FIRST = [
  { first_name: 'Ann', last_name: 'Marsh', username: 'ann', language_code: 'en' },
  { first_name: 'Ben', last_name: 'Okoro', username: 'ben', language_code: 'en' },
];
const LANGUAGES = ['en', 'de', 'es', 'fr', 'ru', 'ar'];

export async function addFirstPeople() {
  const people = [];
  for (const person of FIRST) people.push(await post('/users', person));
  return people;
}

/** @param {(person: any) => void} onAdded */
export function askNewPerson(onAdded) {
  const options = LANGUAGES.map((code) => h('option', { value: code }, code));
  const form = /** @type {HTMLFormElement} */ (h('form', { className: 'form', method: 'dialog' },
    h('h3', {}, 'New person'),
    h('label', { className: 'wide' }, 'First name', h('input', { className: 'field', name: 'first_name', required: true, maxlength: '64' })),
    h('label', {}, 'Username', h('input', { className: 'field', name: 'username', pattern: '[A-Za-z][A-Za-z0-9_]{3,31}' })),
    h('label', {}, 'Language', h('select', { className: 'field', name: 'language_code' }, options)),
    h('button', { className: 'button quiet', type: 'button', onclick: () => dialog.close() }, 'Cancel'),
    h('button', { className: 'button', type: 'submit' }, 'Add')));
  const dialog = /** @type {HTMLDialogElement} */ (h('dialog', { className: 'toast', 'aria-label': 'New person' }, form));
  form.addEventListener('submit', async () => onAdded(await post('/users', Object.fromEntries(new FormData(form)))));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
