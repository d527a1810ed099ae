//! The one UDP socket.
//!
//! Owns its buffers and address forms. Plain `recvfrom` and `sendto`, many per turn: batched system calls
//! would need unsafe code and save the most only in long bursts to one receiver.

use std::io;
use std::net::{IpAddr, SocketAddr};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;

use crate::limits::{MAX_DATAGRAM, MAX_READS_PER_TURN, SOCKET_BUFFER_BYTES};

pub fn open(address: SocketAddr) -> io::Result<std::net::UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    // The kernel may grant less; that costs packets under bursts, not the start.
    socket.set_recv_buffer_size(SOCKET_BUFFER_BYTES)?;
    socket.set_send_buffer_size(SOCKET_BUFFER_BYTES)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    Ok(socket.into())
}

/// Waits until there is something to read; for ever when there is no socket.
pub async fn readable(socket: Option<&UdpSocket>) {
    match socket {
        // An error shows again, and is passed over, at the read.
        Some(socket) => drop(socket.readable().await),
        None => std::future::pending().await,
    }
}

/// Reads what is there, at most one turn's worth.
pub fn read(socket: &UdpSocket, mut packet: impl FnMut(SocketAddr, &[u8])) {
    let mut buffer = [0; MAX_DATAGRAM + 1];
    for _ in 0..MAX_READS_PER_TURN {
        match socket.try_recv_from(&mut buffer) {
            Ok((length, from)) => packet(canonical(from), &buffer[..length]),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
            // An ICMP answer to something we sent: it says nothing about the next packet.
            Err(_) => {}
        }
    }
}

/// Sends or fails at once; a full socket drops the packet, as any network may.
pub fn send(socket: &UdpSocket, to: SocketAddr, packet: &[u8]) -> bool {
    let to = match (socket.local_addr(), to.ip()) {
        (Ok(SocketAddr::V6(_)), IpAddr::V4(ip)) => SocketAddr::new(ip.to_ipv6_mapped().into(), to.port()),
        _ => to,
    };
    socket.try_send_to(packet, to).is_ok()
}

/// One form per address, also when an IPv6 socket speaks with an IPv4 host.
pub fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}
