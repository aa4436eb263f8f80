import { isServerAddress, serverAddress } from '../server-address.ts';
import { type FactRow, type Facts, openFactRows } from './fact-rows.ts';

/** Facts between two turns of the event loop. */
const pageLength = 1000;

/** Opens the history in a file or on a server for reading all of it. */
export async function openFacts(database: string): Promise<Facts> {
  if (!isServerAddress(database)) return fileFacts(database);
  const { openServerFacts } = await import('./server-facts.ts');
  return openServerFacts(serverAddress(database));
}

function fileFacts(path: string): Facts {
  const facts = openFactRows(path);
  return {
    count: (kinds) => Promise.resolve(facts.count(kinds)),
    isTagged: () => Promise.resolve(facts.isTagged()),
    tagWords: (name) => Promise.resolve(facts.tagWords(name)),
    async *pages(kinds, filter) {
      let page: FactRow[] = [];
      for (const fact of facts.rows(kinds, filter)) {
        page.push(fact);
        if (page.length < pageLength) continue;
        yield page;
        page = [];
      }
      yield page;
    },
    close: () => Promise.resolve(facts.close()),
  };
}
