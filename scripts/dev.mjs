import { localAgentMode } from "./lib/agent-mode.mjs";
import { buildAgent, followChanges } from "./lib/follow-changes.mjs";
import { generateClient } from "./lib/generate-client.mjs";
import { installModules } from "./lib/install-modules.mjs";
import { checkNode } from "./lib/node-version.mjs";
import { bold, main, step } from "./lib/progress.mjs";
import { runLab } from "./lib/run-lab.mjs";
import { AGENT_PACKAGES, ensurePackages } from "./lib/system-packages.mjs";

// As `up`, but the pages are compiled on demand and change while you look at them; agent and server follow their sources.
await main(() => runLab({
  variant: "dev",
  async prepare() {
    console.log(bold("vpclab, for development"));
    checkNode();
    await step("System packages", (say) => ensurePackages(AGENT_PACKAGES, say));
    const mode = localAgentMode();
    await step("npm packages", installModules);
    await step("Database client", generateClient);
    await step("Agent bundle", buildAgent);
    return mode;
  },
  onStarted: followChanges,
}));
