// npm run test:tools: installs the programs from Debian that tests need.
import { installMissingTools } from './testing/system-tools.ts';
import { run } from './environment/settings.ts';

await run(async () => {
  installMissingTools();
  console.log('测试要用的工具都有了。');
});
