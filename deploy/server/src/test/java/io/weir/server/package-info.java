/// Tests of the packaged application as its users meet it: a process with ports, a data folder and an exit
/// code.
package io.weir.server;
