import { useSyncExternalStore } from "react";

const never = () => () => {};

/** False until the page's own scripts run: what is typed or sent before that would be lost, or sent by the browser itself. */
export const useHydrated = (): boolean => useSyncExternalStore(never, () => true, () => false);
