import { createContext, useContext } from "react";

const MayDrawContext = createContext(true);
/** Around a canvas: false where it is only looked at. */
export const MayDraw = MayDrawContext.Provider;
/** Whether what is drawn may offer to be changed: handles, grips, switches. */
export const useMayDraw = (): boolean => useContext(MayDrawContext);
