import { serialize } from 'node:v8';
import type { Problem } from '../base/problem.ts';
import { catalogLayer } from '../layers/catalog-layer.ts';
import { FileMemory } from '../layers/content/file-memory.ts';
import { nestingOptions } from '../layers/look-inside.ts';
import { keepsText } from '../root/system/kept-texts.ts';
import { borrowedFile } from '../sources/bytes/open-file.ts';
import { reportingBehind } from '../sources/bytes/report-behind.ts';
import { spoolWhereRoom } from '../sources/bytes/spool.ts';
import { walkStoredLayer, walkStreamedLayer } from '../sources/bytes/stored-layer.ts';
import type { HostMessage, LayerTask, WorkerMessage } from './messages.ts';
import { ReceivedBytes } from './received-bytes.ts';
import { RequestedFacts } from './requested-facts.ts';
import { SentEntries } from './sent-entries.ts';

/** Smaller than usual: there are several. */
const memorySize = 8 * 1024 * 1024;
/** Of all walks of this thread, which follow each other. */
let memory = new FileMemory(memorySize);

/** What a thread runs for one layer. Serialised, since only that keeps buffers what they are. */
export default async function work(task: LayerTask): Promise<Uint8Array> {
  const { stored, promised, limits, digests, port } = task;
  const send = (message: WorkerMessage) => port.postMessage(message);
  const entries = new SentEntries(send);
  const facts = new RequestedFacts(send);
  const received = new ReceivedBytes(stored.length, send);
  port.on('message', (answer: HostMessage) => {
    if (answer.kind === 'taken') entries.taken();
    else if (answer.kind === 'piece' || answer.kind === 'end') received.receive(answer);
    else facts.answer(answer);
  });
  const walk = (report: (problem: Problem) => void) => {
    const reporting = reportingBehind(limits, report);
    return stored.kind === 'file'
      ? walkStoredLayer(async () => borrowedFile(stored), promised, reporting)
      : walkStreamedLayer(async () => received, promised, reporting);
  };
  try {
    const extract = facts.extract.bind(facts);
    const walked = await catalogLayer(
      {
        digest: promised.digest?.text ?? null,
        diffId: promised.diffId?.text ?? null,
        entries: walk,
      },
      nestingOptions({
        limits,
        memory,
        spool: spoolWhereRoom,
        extract,
        keepsText,
        digests,
      }),
      entries,
    );
    return serialize(walked);
  } catch (error) {
    // Files of this walk may never leave the old pool: their facts are no longer reported.
    memory = new FileMemory(memorySize);
    throw error;
  } finally {
    port.close();
  }
}
