import { getHeapStatistics } from 'node:v8';
import { Session } from 'node:inspector';

/** From this size of the heap on it is worth collecting; an open dashboard holds about half of it. */
const worthwhileBytes = 48 * 1024 * 1024;
/** From this size on even a key may wait for it. */
const urgentBytes = 72 * 1024 * 1024;

/**
 * Returns a function that gives memory back when there is much to give: Node lets garbage pile up to
 * hundreds of megabytes while the machine has room, and a screen that stays open for days should not
 * sit on them. Asking costs microseconds, collecting up to a tenth of a second: only at rest, unless it is urgent.
 */
export function createGarbageCollector(): (isAtRest: boolean) => void {
  const collect = collector();
  // What the last collection left: without more on top of it another one would find nothing.
  let kept = 0;
  let isCollecting = false;
  return (isAtRest) => {
    if (isCollecting) return;
    const size = getHeapStatistics().total_heap_size;
    const least = Math.max(isAtRest ? worthwhileBytes : urgentBytes, kept * 1.5);
    if (size < least) return;
    isCollecting = true;
    collect(() => {
      isCollecting = false;
      kept = getHeapStatistics().total_heap_size;
    });
  };
}

/**
 * V8's own collector, asked through the inspector's interface of this very process: Node hands it out in
 * no other way that leaves V8's flags, which all threads share, alone.
 */
function collector(): (done: () => void) => void {
  let session: Session | undefined;
  return (done) => {
    if (session === undefined) {
      session = new Session();
      session.connect();
    }
    session.post('HeapProfiler.collectGarbage', done);
  };
}
