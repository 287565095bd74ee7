import { localAgentMode } from "./lib/agent-mode.mjs";
import { buildApp } from "./lib/build-app.mjs";
import { installModules } from "./lib/install-modules.mjs";
import { checkNode } from "./lib/node-version.mjs";
import { bold, main, step } from "./lib/progress.mjs";
import { runLab } from "./lib/run-lab.mjs";
import { ensurePackages, AGENT_PACKAGES } from "./lib/system-packages.mjs";

await main(() => runLab({
  variant: "built",
  async prepare() {
    console.log(bold("vpclab"));
    checkNode();
    await step("System packages", (say) => ensurePackages(AGENT_PACKAGES, say));
    const mode = localAgentMode();
    await step("npm packages", installModules);
    await step("Build", buildApp);
    return mode;
  },
}));
