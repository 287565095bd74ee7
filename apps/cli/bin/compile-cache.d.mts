export declare function useCompileCache(): void;
export declare function ownCacheFolder(home?: string, uid?: number): string | null;
