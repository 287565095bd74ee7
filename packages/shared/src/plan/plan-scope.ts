/** Which objects are this plan's to remove: those whose mark names this agent and topology. */
export interface PlanScope {
  readonly agentId: string;
  readonly topologyId: string;
  /**
   * Names of namespaces that this agent noted before it created them for this topology: ours even while the mark is
   * missing, which is so when the agent was killed between creating and marking.
   */
  readonly ledger?: readonly string[];
}
