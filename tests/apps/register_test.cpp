// SPDX-License-Identifier: Apache-2.0
#include "cli.hpp"

#include <guide/io/mayacam.hpp>
#include <guide/io/write.hpp>
#include <guide/simulate/fluoroscopy.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

using namespace guide;
using namespace guide::test;
using Eigen::Vector3d;
using Json = nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// A bone of three knobs in flesh.
simulate::TissueSample body(const Vector3d& p) {
    const bool bone = (p - Vector3d(-10, 4, -8)).cwiseQuotient(Vector3d(12, 18, 13)).norm() < 1 ||
                      (p - Vector3d(12, -2, -4)).cwiseQuotient(Vector3d(13, 12, 17)).norm() < 1 ||
                      (p - Vector3d(3, 5, 14)).cwiseQuotient(Vector3d(10, 9, 18)).norm() < 1;
    const auto outer = p.norm() < 45 ? simulate::Tissue::muscle : simulate::Tissue::outside;
    return {bone ? simulate::Tissue::femur : outer, 1};
}

/// A MetaImage of the bone as label 5, `off` mm along x.
std::string volume_in(const fs::path& folder, double off) {
    constexpr int kSize = 81;
    std::ofstream file(folder / "knee.mha", std::ios::binary);
    file << "ObjectType = Image\nNDims = 3\nBinaryData = True\nDimSize = 81 81 81\n"
         << "ElementSpacing = 1 1 1\nOffset = " << -40 + off
         << " -40 -40\nTransformMatrix = 1 0 0 0 1 0 0 0 1\nElementType = MET_UCHAR\n"
         << "ElementDataFile = LOCAL\n";
    for (int i = 0; i < kSize * kSize * kSize; ++i) {
        const Vector3d p(i % kSize - 40, i / kSize % kSize - 40, i / (kSize * kSize) - 40);
        file.put(body(p).tissue == simulate::Tissue::femur ? '\5' : '\0');
    }
    return folder / "knee.mha";
}

/// The options for two pictures and their calibrations.
std::vector<std::string> pictures_in(const fs::path& folder) {
    simulate::VoxelGrid grid;
    grid.size = {101, 101, 101};
    grid.patient_from_grid.translation() = Vector3d::Constant(-50);
    simulate::FluoroscopySimulator simulator(grid, body);
    simulate::FluoroscopySettings s;
    s.arm.width = s.arm.height = 160;
    s.arm.pixel_mm = 0.9;
    s.black_od = 5;
    std::vector<std::string> words;
    for (const double degrees : {0.0, 90.0}) {
        s.arm.primary_deg = degrees;
        const Frame frame = simulator.frame(s);
        Image<Rgb8> picture(160, 160);
        for (std::size_t i = 0; i < picture.size(); ++i) {
            const auto grey = static_cast<std::uint8_t>(std::lround(frame.intensity.data()[i]));
            picture.data()[i] = {grey, grey, grey};
        }
        const std::string name = std::to_string(static_cast<int>(degrees));
        io::write_png(folder / (name + ".png"), picture.view());
        io::write_mayacam(folder / (name + ".txt"),
                          {160, 160, simulate::calibration_of(s.arm.geometry())});
        for (const std::string& word :
             {std::string("--picture"), (folder / (name + ".png")).string(),
              std::string("--camera"), (folder / (name + ".txt")).string()})
            words.push_back(word);
    }
    return words;
}

}  // namespace

TEST_CASE("guide register: a volume set off by 7 mm is put back") {
    const TemporaryFolder folder;
    std::vector<std::string> words{
        "register", volume_in(folder.path(), 7), "--bones", "5", "--json", "-", "--quiet"};
    const auto views = pictures_in(folder.path());
    words.insert(words.end(), views.begin(), views.end());
    const auto result = run_guide(words);
    CHECK(result.exit_code == 0);
    const Json document = Json::parse(result.out);
    CHECK(document.at("schema") == "guide.registration/1");
    REQUIRE(document.at("registered") == true);
    const Json& motion = document.at("patient_from_volume");
    CHECK(motion[0][3].get<double>() == Approx(-7).margin(0.5));
    CHECK(motion[1][3].get<double>() == Approx(0).margin(0.5));
    CHECK(motion[2][3].get<double>() == Approx(0).margin(0.5));
    CHECK(motion[0][0].get<double>() == Approx(1).margin(1e-3));
    CHECK(document.at("support").get<double>() > 0.65);

    words[3] = std::string("9");  // no voxel has it
    const auto none = run_guide(words);
    CHECK(none.exit_code == 3);
    CHECK(Json::parse(none.out).at("reason").at("code") == "no-bones");
    words[3] = std::string("5");
    words.resize(11);  // one picture
    const auto few = run_guide(words);
    CHECK(few.exit_code == 3);
    CHECK(Json::parse(few.out).at("reason").at("code") == "few-views");
    words.resize(9);  // without its calibration
    CHECK(run_guide(words).exit_code == 2);
}
