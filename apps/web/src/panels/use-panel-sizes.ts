import { useCallback, useState } from "react";

/** How this person has arranged the editor, remembered by the browser. Pixels. */
export interface PanelSizes {
  readonly narrowPalette: boolean;
  readonly leftTab: "add" | "outline";
  readonly side: number;
  readonly sideOpen: boolean;
  readonly dock: number;
  readonly dockOpen: boolean;
}

const KEY = "vpclab-panels";
const INITIAL: PanelSizes = { narrowPalette: false, leftTab: "add", side: 384, sideOpen: true, dock: 296, dockOpen: false };

export function usePanelSizes(): [PanelSizes, (change: Partial<PanelSizes>) => void] {
  const [sizes, setSizes] = useState<PanelSizes>(remembered);
  const change = useCallback((patch: Partial<PanelSizes>) => {
    setSizes((before) => {
      const next = { ...before, ...patch };
      try {
        localStorage.setItem(KEY, JSON.stringify(next));
      } catch {
        // A browser without storage forgets the arrangement; nothing else depends on it.
      }
      return next;
    });
  }, []);
  return [sizes, change];
}

function remembered(): PanelSizes {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<PanelSizes>;
    return { ...INITIAL, ...stored };
  } catch {
    return INITIAL;
  }
}
