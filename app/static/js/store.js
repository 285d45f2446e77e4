// What this browser keeps for its user: device keys, sealings under way, score drafts. One IndexedDB, one object store each.
const STORES = ["devices", "seals", "drafts"];
let opened = null;

function open() {
  opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open("gongheng", 1);
    asked.onupgradeneeded = () => { for (const name of STORES) asked.result.createObjectStore(name); };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  return opened;
}

async function within(store, mode, act) {
  const database = await open();
  return new Promise((done, fail) => {
    const transaction = database.transaction(store, mode);
    const asked = act(transaction.objectStore(store));
    transaction.oncomplete = () => done(asked?.result);
    transaction.onerror = () => fail(transaction.error);
    transaction.onabort = () => fail(transaction.error);
  });
}

export const load = (store, key) => within(store, "readonly", (it) => it.get(key));
export const keep = (store, key, value) => within(store, "readwrite", (it) => it.put(value, key));
export const drop = (store, key) => within(store, "readwrite", (it) => it.delete(key));
export const keys = (store) => within(store, "readonly", (it) => it.getAllKeys());
