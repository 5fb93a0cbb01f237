// The same test as within npm test, where a current liblsl is there to stand on either host.
import '../lsl/builtin/hosts.slow.js'
