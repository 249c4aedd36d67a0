// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <guide/core/error.hpp>
#include <guide/io/sha256.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

using namespace guide;

TEST_CASE("sha256: the examples of FIPS 180-4") {
    CHECK(io::sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(io::sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(io::sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(io::sha256(std::string(1'000'000, 'a')) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("sha256: a file hashes as its bytes do") {
    const test::TemporaryFolder folder;
    const std::string bytes(200'001, 'x');
    test::save(folder.path() / "f", bytes);
    CHECK(io::sha256_of_file(folder.path() / "f") == io::sha256(bytes));
    CHECK_THROWS_AS((void)io::sha256_of_file(folder.path() / "none"), IoError);
}
