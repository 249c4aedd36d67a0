// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <guide/core/error.hpp>
#include <guide/io/label_volume.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

using namespace guide;
using namespace guide::test;

namespace {

std::string nrrd(const std::string& fields, const std::string& type = "uchar") {
    return "NRRD0004\ntype: " + type +
           "\ndimension: 3\nsizes: 2 3 2\nencoding: raw\nendian: little\n" + fields + "\n";
}

const std::string kPlaced =
    "space: right-anterior-superior\nspace directions: (0.5,0,0) (0,0.5,0) (0,0,2)\n"
    "space origin: (10,20,30)\nkinds: domain domain domain\n";

}  // namespace

TEST_CASE("label volume: labels and their place are read, RAS becomes LPS") {
    const TemporaryFolder folder;
    const auto file = folder.path() / "labels.nrrd";
    save(file, nrrd(kPlaced) + std::string("\0\1\2\3\4\5\6\7\10\11\12\377", 12));
    const LabelVolume volume = io::read_label_volume(file);
    CHECK(volume.size == std::array{2, 3, 2});
    REQUIRE(volume.labels.size() == 12);
    CHECK(volume.labels[1] == 1);
    CHECK(volume.labels[11] == 255);
    const Eigen::Vector3d p = volume.patient_from_voxel * Eigen::Vector3d(1, 2, 1);
    CHECK((p - Eigen::Vector3d(-10.5, -21, 32)).norm() < 1e-9);
}

TEST_CASE("label volume: what is none is refused by file and cause") {
    const TemporaryFolder folder;
    const auto code_of = [&](const std::string& bytes) -> std::string {
        const auto file = folder.path() / "bad.nrrd";
        save(file, bytes);
        try {
            (void)io::read_label_volume(file);
        } catch (const IoError& error) {
            CHECK(std::string(error.what()).find("bad.nrrd") != std::string::npos);
            return error.code();
        }
        return "";
    };
    const std::string twelve(12, '\1');
    CHECK(code_of(nrrd("kinds: domain domain domain\n") + twelve) == "no-placement");
    CHECK(code_of(nrrd(kPlaced) + "\1\1") == "truncated");
    CHECK(code_of(nrrd(kPlaced, "short") + std::string(24, '\1')) == "no-labels");
    CHECK(code_of("NRRD0004\ntype: uchar\ndimension: 2\nsizes: 4 3\nencoding: raw\n\n" + twelve) ==
          "no-volume");
}
