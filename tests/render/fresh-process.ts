// Publishes a folder once in a separate process: node fresh-process.ts, arguments in started-publisher.ts
import { startedPublisher } from './started-publisher.ts';

// One line per page: the test that kills this process sees how far it got.
const publisher = await startedPublisher({ onPages: (done) => void process.stdout.write(`${done}\n`) });
const { rendered, faults } = await publisher.publish();
await publisher.close();
process.stdout.write(`${JSON.stringify({ rendered, faults })}\n`);
