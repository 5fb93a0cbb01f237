// What scripts ask of the platform before there is a build: src/system/platform.ts is for all that runs after it.
export const isWindows = process.platform === 'win32'
