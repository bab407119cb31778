/** Types shared by the three parts of the simulated App Bridge, and the `shopify` global. */
declare global {
  type SimulatedToastOptions = {
    /** Milliseconds. */
    duration?: number;
    isError?: boolean;
    action?: string;
    onAction?: () => void;
    onDismiss?: () => void;
  };

  type SimulatedShopify = {
    config: { apiKey: string; shop: string; host: string; locale: string };
    environment: { embedded: boolean; mobile: boolean; pos: boolean };
    idToken: () => Promise<string>;
    toast: {
      show: (message: unknown, options?: SimulatedToastOptions) => string;
      hide: (id: string) => void;
    };
    loading: (on?: boolean) => void;
    saveBar?: {
      show: (id: string) => Promise<void>;
      hide: (id: string) => Promise<void>;
      toggle: (id: string) => Promise<void>;
      leaveConfirmation: () => Promise<void>;
    };
    modal?: {
      show: (id: string) => Promise<void>;
      hide: (id: string) => Promise<void>;
      toggle: (id: string) => Promise<void>;
    };
    intents?: {
      invoke: (
        intent: string | { action: string; type: string; value?: string },
        options?: { value?: string },
      ) => Promise<{ complete: Promise<{ code: string }> }>;
    };
  };

  type SimulatedBridge = {
    /** `shop`, `host` and `locale` of the URL with which the app was first opened. */
    launched: Record<string, string>;
    tell: (type: string, data: unknown) => void;
    /** Resolves with the frame's answer; rejects outside the frame. */
    ask: (type: string, data?: unknown) => Promise<unknown>;
    on: (type: string, run: (data: never) => void) => void;
    shopify: SimulatedShopify;
  };

  // eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- only interfaces merge
  interface Window {
    simulatedBridge: SimulatedBridge;
  }
}

export {};
