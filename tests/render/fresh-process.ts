// Publishes a folder once, as a process of its own: node fresh-process.ts, see started-publisher.ts
import { startedPublisher } from './started-publisher.ts';

// One line a page: whoever kills this process knows how far it was.
const publisher = await startedPublisher({ onPages: (done) => void process.stdout.write(`${done}\n`) });
const { rendered, faults } = await publisher.publish();
await publisher.close();
process.stdout.write(`${JSON.stringify({ rendered, faults })}\n`);
