// Publishes a folder in a separate process: node fresh-process.ts ARGUMENTS (started-publisher.ts). Prints what was
// rendered and the faults, as JSON.
import { startedPublisher } from './started-publisher.ts';

// Prints a line after each group of pages, so that the test that kills this process knows how many are written.
const publisher = await startedPublisher({ onPages: (done) => void process.stdout.write(`${done}\n`) });
const { rendered, faults } = await publisher.publish();
await publisher.close();
process.stdout.write(`${JSON.stringify({ rendered, faults })}\n`);
