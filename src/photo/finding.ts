export interface Finding { code: string; level: 'error' | 'warning'; message: string; remedy: string }
