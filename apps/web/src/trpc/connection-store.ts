let connected = true;
const listeners = new Set<() => void>();

/** Whether the live connection is up, for `useSyncExternalStore`. */
export const connectionStore = {
  get: (): boolean => connected,
  set: (next: boolean): void => {
    connected = next;
    for (const listener of listeners) listener();
  },
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
