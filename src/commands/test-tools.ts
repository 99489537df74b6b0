// npm run test:tools: installs the Debian programs that some tests need.
import { installMissingTools } from './testing/system-tools.ts';
import { runCommand } from './environment/settings.ts';

await runCommand(async () => {
  installMissingTools();
  console.log('测试要用的工具都有了。');
});
