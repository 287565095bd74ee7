import type { Deployment } from "@vpclab/shared/wire/live";
import type { EditorApi } from "../canvas/state/editor-api";
import type { EditorStore } from "../canvas/state/editor-store";
import type { LiveStore } from "../canvas/state/live-store";

interface PlanRefreshOptions {
  readonly editor: EditorStore;
  readonly live: LiveStore;
  readonly api: Pick<EditorApi, "plan">;
  /** Several changes within this time cost one question. */
  readonly debounceMs: number;
}

/**
 * Keeps the plan beside the drawing: asked again after every save, every apply, when something else drifts, and when the host comes or goes. While an
 * apply runs there is no plan. Answers a function that stops it.
 */
export function startPlanRefresh({ editor, live, api, debounceMs }: PlanRefreshOptions): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = "";
  let turn = 0;
  const differences = driftWords();

  const key = () => {
    const { deployment, host, heard } = live.getState();
    const { stored } = editor.getState();
    return `${heard} ${stored.revision} ${deployment.state} ${deployment.generation} ${host?.online} ${differences(deployment)}`;
  };
  const ask = async () => {
    turn += 1;
    const mine = turn;
    try {
      const plan = await api.plan();
      if (mine === turn) live.setState({ plan });
    } catch {
      // Without a host, or offline, there is no plan to show; the badge of host or save says so.
      if (mine === turn) live.setState({ plan: null });
    }
  };
  const refresh = () => {
    const { heard, deployment } = live.getState();
    if (!heard || key() === asked) return;
    asked = key();
    clearTimeout(timer);
    turn += 1;
    if (deployment.state === "applying") live.setState({ plan: null });
    else timer = setTimeout(() => void ask(), debounceMs);
  };

  const stops = [editor.subscribe(refresh), live.subscribe(refresh)];
  refresh();
  return () => {
    clearTimeout(timer);
    turn += 1;
    for (const stop of stops) stop();
  };
}

/** What has drifted, in the host's words; the same as long as the deployment is the same one, because this is asked with every counter. */
function driftWords(): (deployment: Deployment) => string {
  let last: Deployment | null = null;
  let words = "";
  return (deployment) => {
    if (deployment !== last) {
      last = deployment;
      words = deployment.state === "drifted" ? Object.entries(deployment.objects).flatMap(([id, { state, reason }]) => (state === "drifted" ? [`${id} ${reason ?? ""}`] : [])).join() : "";
    }
    return words;
  };
}
