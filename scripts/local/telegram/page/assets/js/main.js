/** Starts the page: people, one or two phones, the drawer, and the feed that keeps them up to date. */

import { get } from './api.js';
import { toast } from './dom.js';
import { drawer } from './drawer.js';
import { follow } from './follow.js';
import { addFirstPeople, askNewPerson } from './people.js';
import { Phone } from './phone.js';

const stage = document.getElementById('stage');
const connection = document.getElementById('connection');
const two = document.getElementById('two');
const tools = drawer(document.getElementById('drawer'), document.getElementById('tools'));

let people = [];
let bots = [];
/** @type {Phone[]} */
let phones = [];

async function load() {
  [people, bots] = await Promise.all([get('/users'), get('/bots')]);
  if (!people.length) people = await addFirstPeople();
  for (const phone of phones) Object.assign(phone, { people, bots });
}

function addPhone(userId, thread) {
  const phone = new Phone({
    people, bots, userId,
    onPerson: (id) => phone.show(id).then(remember),
    onNewPerson: () => askNewPerson(async (person) => { await load(); await phone.show(person.id); remember(); }),
    onOpen: remember,
  });
  phones.push(phone);
  stage.append(phone.element);
  return phone.show(userId, thread);
}

/** The address names who is looking at what, so that reload and a second window keep it. */
function remember() {
  const parts = phones.map((phone) => [phone.userId, phone.thread].filter(Boolean).join('/'));
  history.replaceState(null, '', `#${parts.join('&')}`);
  document.title = `${phones.map((phone) => phone.chat?.title).filter(Boolean).join(' · ') || 'Chats'} · Telegram simulator`;
}

function remembered() {
  return location.hash.slice(1).split('&').filter(Boolean).map((part) => part.split('/'))
    .map(([id, thread]) => ({ userId: Number(id), thread: thread ?? null }))
    .filter(({ userId }) => people.some((person) => person.id === userId));
}

async function togglePhones() {
  if (phones.length === 2) phones.pop().element.remove();
  else await addPhone((people.find((person) => person.id !== phones[0].userId) ?? people[0]).id);
  two.setAttribute('aria-pressed', String(phones.length === 2));
  remember();
}

/** `?bot=NAME&start=PAYLOAD` opens a chat as a t.me link does. */
async function openLink() {
  const query = new URLSearchParams(location.search);
  const bot = bots.find((one) => one.username === query.get('bot'));
  if (!bot) return;
  phones[0].payload = query.get('start') ?? '';
  await phones[0].open(`${bot.id}:${phones[0].userId}`);
}

async function begin() {
  await load();
  const wanted = remembered();
  for (const { userId, thread } of wanted.length ? wanted.slice(0, 2) : [{ userId: people[0].id, thread: null }]) {
    await addPhone(userId, thread);
  }
  two.setAttribute('aria-pressed', String(phones.length === 2));
  await openLink();
}

function showState(online) {
  connection.textContent = online ? 'Connected' : 'The simulator does not answer; trying again';
  connection.toggleAttribute('data-bad', !online);
}

two.addEventListener('click', togglePhones);
let started = null;
follow({
  async onRestart() {
    try {
      if (!started) {
        started = begin();
        await started;
        return;
      }
      await started;
      await load();
      await Promise.all(phones.map((phone) => phone.refresh()));
    } catch (problem) {
      started = phones.length ? started : null;
      toast(problem.message, true);
    }
  },
  async onEvents(events) {
    if (events.some(({ kind }) => kind === 'reset')) {
      history.replaceState(null, '', location.pathname);
      location.reload();
      return;
    }
    if (events.some(({ kind }) => ['users', 'chats'].includes(kind))) await load();
    tools.notice(events);
    await Promise.all(phones.map((phone) => phone.notice(events)));
  },
  onState: showState,
});
